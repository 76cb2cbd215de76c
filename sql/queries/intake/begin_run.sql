-- A run begins, with the stages it has reached.
-- in: int4, text, text, text[], bytea, int8[], text[], text[], int8[]
-- out: run_id int8
-- by: fisc_intake_begin, app/flows/intake.c
select intake.begin_run($1, $2, $3, $4, $5, $6, $7, $8, $9) as run_id
