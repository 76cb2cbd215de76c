-- Takes a time step for a code; false when it, or a later one, was taken before.
-- in: int4, text, int8
-- out: is_done bool
-- by: fisc_flow_check_code, fisc_flow_totp_confirm, app/flows/signin_totp.c
select identity.use_step($1, $2, $3) as is_done
