-- The newest batch of a book: what the next one follows.
-- in: int4
-- out: batch_no int8, hash bytea
-- by: fisc_nation_load, ledger/reader.c; fisc_log_size, ledger/head_log.c
select batch_no, hash
  from ledger.batch
 where book_id = $1
 order by batch_no desc
 limit 1
