-- Keeps bytes under their SHA-256.
-- in: int4, bytea, bytea, text[]
-- out: nothing (void)
-- by: fisc_intake_keep, app/flows/intake.c
select intake.keep_body($1, $2, $3, $4)
