-- Writes down what happened at a sign-in; that there were too many, once in 15 minutes.
-- in: int4, text, text, text, text
-- out: nothing (void)
-- by: note, app/flows/signin.c
select identity.note_sign_in($1, $2, $3, $4, $5)
