-- Runs of a feeder begin, with the stages they have reached.
-- in: int4, text, text[], bytea, text[], int4[], int8[], int4[], text[], text[], int8[]
-- out: run_ids int8[]
-- by: fisc_intake_begin, app/flows/intake_run.c
select intake.begin_runs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as run_ids
