-- The newest batch of a book, and whether and how far a replica is behind: since it last had all it knows of.
-- in: int4
-- out: batch_no int8, hash bytea, posted_us int8, is_replica bool, behind_ms int8
-- by: look_at_chain, app/server/follow.c
select batch_no, hash, (extract(epoch from posted_at) * 1000000)::int8 as posted_us,
       pg_is_in_recovery() as is_replica,
       case when pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()
                 and exists (select 1 from pg_stat_wal_receiver)
            then 0
            else greatest((extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::int8, 0)
       end as behind_ms
  from ledger.batch
 where book_id = $1
 order by batch_no desc
 limit 1
