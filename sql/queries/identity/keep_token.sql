-- Writes a token, in place of one of the same name.
-- in: int4, text, text, bytea, text, text[], text
-- out: nothing (void)
-- by: keep, app/flows/signin_token.c
select identity.keep_token($1, $2, $3, $4, $5, $6, $7)
