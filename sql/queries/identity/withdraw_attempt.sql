-- Forgets one attempt, which was right.
-- in: int4, int8
-- out: nothing (void)
-- by: withdraw, app/flows/signin.c
select identity.withdraw_attempt($1, $2)
