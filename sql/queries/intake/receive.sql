-- Keeps a document as it came.
-- in: int4, text, text, bytea, bytea, text[], text, text, text, text, text
-- out: delivery_id int8, version int4, is_new bool, is_conflict bool
-- by: fisc_intake_receive, app/flows/intake.c
select delivery_id, version, is_new, is_conflict from intake.receive($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
