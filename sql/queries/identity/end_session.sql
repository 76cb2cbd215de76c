-- Ends the session that another one replaces.
-- in: int4, bytea
-- out: nothing (void)
-- by: open_session, app/flows/signin_provider.c
select identity.end_session($1, $2)
