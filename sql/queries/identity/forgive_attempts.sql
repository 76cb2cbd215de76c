-- Forgets the wrong attempts of who has signed in, from where he has.
-- in: int4, bytea, text
-- out: nothing (void)
-- by: forgive, app/flows/signin.c
select identity.forgive_attempts($1, $2, $3)
