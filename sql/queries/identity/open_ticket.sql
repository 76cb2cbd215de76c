-- Hands out a ticket for what is left of a sign-in.
-- in: int4, text, bytea, text, bool, text, int4
-- out: nothing (void)
-- by: open_ticket, app/flows/signin.c
select identity.open_ticket($1, $2, $3, $4, $5, $6, $7)
