-- Uses a recovery code up; false when there is no such code.
-- in: int4, text, bytea
-- out: is_done bool
-- by: spend_recovery, app/flows/signin.c
select identity.spend_recovery($1, $2, $3) as is_done
