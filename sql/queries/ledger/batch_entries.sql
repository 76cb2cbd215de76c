-- The last entry of a batch, and of the book; nothing for who may not know how much others post.
-- in: int4, int8
-- out: last_entry int8, newest_entry int8
-- by: is_nearer_to_now, ledger/reader.c
select b.first_entry + b.entry_count - 1 as last_entry, newest.first_entry + newest.entry_count - 1 as newest_entry
  from access.batches($1, $2, 1) b
 cross join lateral access.batches($1, (select max(batch_no) from ledger.batch where book_id = $1), 1) newest
 where b.batch_no = $2
