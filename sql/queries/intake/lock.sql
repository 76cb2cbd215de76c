-- Takes the lock of a feeder for this connection, unless another has it.
-- in: int4, text
-- out: is_ours bool
-- by: fisc_feeder_lock, app/flows/pull_lock.c
select pg_try_advisory_lock(hashtextextended('fisc pull ' || $1::text || ' ' || $2, 0)) as is_ours
