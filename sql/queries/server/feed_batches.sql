-- Batches from one on, so many at most: what subscribers are told of.
-- in: int4, int8, int4
-- out: batch_no int8, posted_at text, first_item int8, item_count int4, first_entry int8, entry_count int4
-- by: read_batches, app/server/feed_read.c
select batch_no, to_char(posted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as posted_at,
       first_item, item_count, first_entry, entry_count
  from ledger.batch
 where book_id = $1 and batch_no >= $2
 order by batch_no
 limit $3
