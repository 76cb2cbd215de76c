-- Forgets answers that nobody may ask for any more.
-- in: none
-- out: forgotten int8
-- by: forget, app/server/answers.c
select server.forget_answers() as forgotten
