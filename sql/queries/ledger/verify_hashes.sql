-- The hashes of the first batches of a book, in order: the leaves of its log tree.
-- in: int4, int8
-- out: batch_no int8, hash bytea
-- by: fisc_log_tree_read, ledger/head_log.c; take_earlier, ledger/verify_chain.c
select batch_no, hash
  from ledger.batch
 where book_id = $1 and batch_no >= 1 and batch_no <= $2
 order by batch_no
