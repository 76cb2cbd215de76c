-- Runs have reached stages.
-- in: int4, int8[], int4[], text[], text[], int8[]
-- out: nothing (void)
-- by: fisc_intake_keep_stages, app/flows/intake_run.c
select intake.reach($1, $2, $3, $4, $5, $6)
