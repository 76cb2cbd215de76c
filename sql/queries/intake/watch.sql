-- How a feeder answered last, and whether its time has come.
-- in: int4, text
-- out: cursor text, failures int4, is_due bool
-- by: fisc_intake_watch, app/flows/intake.c
select w.cursor, w.failures, coalesce(w.next_at <= now(), true) as is_due from intake.watch w where w.book_id = $1 and w.feeder = $2
