-- Which codes no map knew.
-- in: int4, int8[], text[], text[], int8[], text[]
-- out: nothing (void)
-- by: note_suspense, app/flows/intake_run.c
select intake.note_suspense($1, $2, $3, $4, $5, $6)
