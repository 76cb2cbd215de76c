-- Writes new recovery codes in place of the old ones; digests in hex.
-- in: int4, text, text[]
-- out: nothing (void)
-- by: keep_codes, app/flows/signin_totp.c
select identity.keep_recovery($1, $2, $3)
