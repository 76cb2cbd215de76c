-- Keeps answers under their keys.
-- in: int4, text[], text[], text[], int4[], text[], text[], bool
-- out: kept int8
-- by: keep, app/server/answers.c
select server.keep_answers($1, $2, $3, $4, $5, $6, $7, $8) as kept
