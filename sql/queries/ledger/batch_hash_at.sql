-- The hash of one batch: tells whether an answer that got lost was a yes.
-- in: int4, int8
-- out: hash bytea
-- by: resolve_unknown, ledger/poster.c
select hash from ledger.batch where book_id = $1 and batch_no = $2
