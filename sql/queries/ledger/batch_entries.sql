-- The last entry of a batch, and of the book.
-- in: int4, int8
-- out: last_entry int8, newest_entry int8
-- by: is_nearer_to_now, ledger/reader.c
select b.first_entry + b.entry_count - 1 as last_entry, newest.first_entry + newest.entry_count - 1 as newest_entry
  from ledger.batch b,
       (select first_entry, entry_count from ledger.batch where book_id = $1 order by batch_no desc limit 1) newest
 where b.book_id = $1 and b.batch_no = $2
