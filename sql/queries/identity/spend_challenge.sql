-- Uses a challenge up, whatever was answered; no row when it is over, was used, or is for something else.
-- in: int4, bytea, text
-- out: person text, holder bytea, action bytea
-- by: fisc_flow_challenge_spend, app/flows/passkey_ask.c
select person, holder, action from identity.spend_challenge($1, $2, $3)
