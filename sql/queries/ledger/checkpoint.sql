-- How far the balances are folded.
-- in: int4
-- out: upto_batch int8, upto_entry int8
-- by: load_tail, ledger/restore.c
select upto_batch, upto_entry from ledger.checkpoint where book_id = $1
