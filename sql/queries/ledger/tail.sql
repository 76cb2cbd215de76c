-- The newest batch of a book: what the next one follows.
-- in: int4
-- out: batch_no int8, hash bytea, next_entry int8, next_item int8
-- by: load_tail, ledger/poster.c
select batch_no, hash, first_entry + entry_count as next_entry, first_item + item_count as next_item
  from ledger.batch
 where book_id = $1
 order by batch_no desc
 limit 1
