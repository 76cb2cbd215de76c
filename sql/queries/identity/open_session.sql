-- Opens a session, and clears away what is over.
-- in: int4, text, bytea, bool, text, int4
-- out: nothing (void)
-- by: open_session, app/flows/signin.c
select identity.open_session($1, $2, $3, $4, $5, $6)
