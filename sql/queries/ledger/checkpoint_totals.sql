-- Turnovers by coding and year as of the last checkpoint.
-- in: int4
-- out: coding_id int4, year int4, debit int8, credit int8
-- by: load_balances, ledger/restore.c
select coding_id, period / 100 as year, sum(debit)::int8 as debit, sum(credit)::int8 as credit
  from ledger.balance
 where book_id = $1
 group by 1, 2
