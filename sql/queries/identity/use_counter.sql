-- Notes how often a device has signed; false when it had signed as often before.
-- in: int4, text, text, int8
-- out: is_done bool
-- by: fisc_flow_passkey_add, app/flows/passkey.c; judge, app/flows/passkey_sign_in.c
select identity.use_counter($1, $2, $3, $4) as is_done
