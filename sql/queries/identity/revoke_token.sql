-- Takes a token back; false when there is none to take back.
-- in: int4, text, text
-- out: is_done bool
-- by: fisc_flow_token_revoke, app/flows/signin_token.c
select identity.revoke_token($1, $2, $3) as is_done
