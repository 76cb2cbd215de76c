-- A run has reached a stage.
-- in: int4, int8, text, text
-- out: nothing (void)
-- by: fisc_intake_reach, app/flows/intake.c
select intake.reach($1, $2, $3, $4)
