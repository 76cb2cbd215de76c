-- Folds the log into the balances.
-- in: int4
-- out: batch_no int8
-- by: fisc_poster_checkpoint, ledger/poster.c
select ledger.advance_checkpoint($1)
