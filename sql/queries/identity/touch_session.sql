-- Notes that a session is in use.
-- in: int4, bytea
-- out: nothing (void)
-- by: touch, app/flows/signin_find.c
select identity.touch_session($1, $2)
