-- Keeps documents as they came.
-- in: int4, text, text[], text, text[], bytea, bytea, int8[], text[], text[], text[], text[]
-- out: is_new bool, is_conflict bool
-- by: fisc_intake_receive, app/flows/intake.c
select is_new, is_conflict from intake.receive_all($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
