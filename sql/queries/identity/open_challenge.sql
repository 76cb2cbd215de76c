-- Asks a device to sign; of too many from one address the oldest are forgotten.
-- in: int4, bytea, text, text, bytea (empty = null), bytea (empty = null), text, int4, int4
-- out: nothing (void)
-- by: ask, app/flows/passkey_ask.c
select identity.open_challenge($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), $7, $8, $9)
