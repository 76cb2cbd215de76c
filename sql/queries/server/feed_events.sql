-- Events of a range of items, as subscribers are told of them.
-- in: int4, int8, int8
-- out: item_id int8, kind text, subject text, fields text[]
-- by: read_events, app/server/feed_read.c
select item_id, kind, subject, fields
  from ledger.event
 where book_id = $1 and item_id >= $2 and item_id < $3
 order by item_id
