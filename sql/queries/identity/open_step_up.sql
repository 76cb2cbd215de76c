-- Notes that a second factor was shown for acts: their digests, one behind the other.
-- in: int4, text, bytea, bytea, bytea, int4
-- out: nothing (void)
-- by: fisc_flow_step_keep, app/flows/signin_step.c
select identity.open_step_up($1, $2, $3, $4, $5, $6)
