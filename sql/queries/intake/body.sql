-- What was received, byte for byte.
-- in: int4, bytea
-- out: bytes bytea
-- by: fisc_intake_body, app/flows/intake.c
select bytes from intake.body where book_id = $1 and digest = $2
