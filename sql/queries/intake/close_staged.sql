-- What became of a run's document.
-- in: int4, text, text, text, text, int8, text, text
-- out: nothing (void)
-- by: fisc_intake_close_staged, app/flows/intake_stage.c
select intake.close_staged($1, $2, $3, $4, $5, $6, $7, $8)
