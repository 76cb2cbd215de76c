-- Gives a session that has become strong another id; false when it is over.
-- in: int4, bytea, bytea
-- out: is_done bool
-- by: fisc_flow_session_turn, app/flows/signin.c
select identity.turn_session($1, $2, $3) as is_done
