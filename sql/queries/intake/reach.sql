-- A run has reached stages.
-- in: int4, int8, text[], text[], int8[]
-- out: nothing (void)
-- by: fisc_intake_keep_stages, app/flows/intake.c
select intake.reach($1, $2, $3, $4, $5)
