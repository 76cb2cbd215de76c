-- Where the next batch of a book begins: for who writes it.
-- in: int4
-- out: batch_no int8, hash bytea, next_item int8, next_entry int8
-- by: catch_up, ledger/restore.c
select batch_no, hash, first_item + item_count as next_item, first_entry + entry_count as next_entry
  from ledger.batch
 where book_id = $1
 order by batch_no desc
 limit 1
