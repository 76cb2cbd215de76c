-- Notes a sign-in that goes to the provider.
-- in: int4, bytea (state), bytea (browser), text, bytea (empty: none), text, int4, int4
-- out: nothing (void)
-- by: keep, app/flows/signin_provider.c
select identity.open_provider_login($1, $2, $3, $4, $5, $6, $7, $8)
