-- Ends the sessions of a person whose digest begins so, or all, but one; how many were ended.
-- in: int4, text, text, text
-- out: count int4
-- by: fisc_flow_session_end, app/flows/signin.c
select identity.end_sessions($1, $2, $3, $4) as count
