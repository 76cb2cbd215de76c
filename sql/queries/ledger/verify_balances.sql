-- The balances as they stand, up to the checkpoint.
-- in: int4
-- out: entity_id int4, period int4, coding_id int4, debit int8, credit int8
-- by: fisc_verifier_read_balances, ledger/verify_fold.c
select entity_id, period, coding_id, debit, credit from ledger.balance where book_id = $1
