-- Takes a credential away, with the recovery codes that stand in for it; false when there was none.
-- in: int4, text, text, text
-- out: is_done bool
-- by: fisc_flow_credential_drop, app/flows/signin_credential.c; drop_pending, app/flows/signin_totp.c
select identity.drop_credential($1, $2, $3, $4) as is_done
