-- Runs end.
-- in: int4, int8[], text[], text[], int8[], text[], text[], text[], int4[], int4[], int4[], int8[], text[], text[], int4[], text[], text[], int8[]
-- out: nothing (void)
-- by: fisc_intake_end, app/flows/intake_run.c
select intake.end_runs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
