-- How a feeder answered.
-- in: int4, text, text[], text, bool, text, int8
-- out: nothing (void)
-- by: fisc_intake_note_try, app/flows/intake.c
select intake.note_try($1, $2, $3, $4, $5, $6, $7)
