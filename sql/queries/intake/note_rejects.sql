-- Why a run is quarantined.
-- in: int4, int8, text[], int4[], text[], text[], text[]
-- out: nothing (void)
-- by: note_rejects, app/flows/intake.c
select intake.note_rejects($1, $2, $3, $4, $5, $6, $7)
