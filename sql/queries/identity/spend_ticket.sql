-- Uses a ticket up; false when it is over or was used.
-- in: int4, bytea
-- out: is_done bool
-- by: spend_ticket, app/flows/signin.c
select identity.spend_ticket($1, $2) as is_done
