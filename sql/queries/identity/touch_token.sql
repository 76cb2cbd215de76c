-- Notes that a token is in use.
-- in: int4, bytea
-- out: nothing (void)
-- by: touch, app/flows/signin_find.c
select identity.touch_token($1, $2)
