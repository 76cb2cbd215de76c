-- Takes a sign-in that came back from the provider; no row when there is none for this browser, or not any more.
-- in: int4, bytea (state), bytea (browser)
-- out: page text, before bytea
-- by: spend, app/flows/signin_provider.c
select page, before from identity.spend_provider_login($1, $2, $3)
