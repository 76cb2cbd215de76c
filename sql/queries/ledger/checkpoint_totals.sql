-- Turnovers by coding and period as of the last checkpoint.
-- in: int4
-- out: coding_id int4, period int4, debit int8, credit int8
-- by: load_balances, ledger/restore.c
select coding_id, period, debit, credit
  from ledger.balance
 where book_id = $1
