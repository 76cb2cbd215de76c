-- Writes down that somebody has read what is sensitive.
-- in: int4, text, text (null: none), text, text, text (null: none), int4, int8, int8, text
-- out: nothing (void)
-- by: write_read, app/server/read_log.c
select access.log_read($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
