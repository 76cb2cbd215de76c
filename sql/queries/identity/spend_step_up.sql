-- Uses up what was shown, of its acts, for exactly this one, by this person, through this session or token.
-- in: int4, text, bytea, bytea, bytea
-- out: is_done bool
-- by: fisc_flow_step_spend, app/flows/signin_step.c
select identity.spend_step_up($1, $2, $3, $4, $5) as is_done
