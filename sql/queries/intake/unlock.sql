-- Gives the lock of a feeder back.
-- in: int4, text
-- out: was_ours bool
-- by: fisc_feeder_unlock, app/flows/pull_lock.c
select pg_advisory_unlock(hashtextextended('fisc pull ' || $1::text || ' ' || $2, 0)) as was_ours
