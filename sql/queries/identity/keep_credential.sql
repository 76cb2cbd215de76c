-- Writes what a person is known by, in place of what was there.
-- in: int4, text, text, text, text, bytea
-- out: nothing (void)
-- by: fisc_flow_credential_keep, app/flows/signin_credential.c; keep_pending, app/flows/signin_totp.c
select identity.keep_credential($1, $2, $3, $4, $5, $6)
