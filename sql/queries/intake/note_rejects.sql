-- Why runs are quarantined.
-- in: int4, int8[], int4[], text[], int4[], text[], text[], text[]
-- out: nothing (void)
-- by: note_rejects, app/flows/intake_run.c
select intake.note_rejects($1, $2, $3, $4, $5, $6, $7, $8)
