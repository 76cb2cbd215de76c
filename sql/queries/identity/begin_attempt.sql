-- Counts an attempt as wrong until it is forgiven; or tells how many seconds to wait.
-- in: int4, bytea, text, int4, int4, int4
-- out: attempt_id int8, wait_s int4
-- by: begin_attempt, app/flows/signin.c
select attempt_id, wait_s from identity.begin_attempt($1, $2, $3, $4, $5, $6)
