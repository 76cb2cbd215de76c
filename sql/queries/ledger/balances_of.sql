-- The same of some entities, by number.
-- in: int4, int4, int4[]
-- out: coding_id int4, period int4, debit int8, credit int8
-- by: fisc_balances_load, ledger/reader.c
select coding_id, period, debit::int8, credit::int8
  from ledger.balance_now
 where book_id = $1 and entity_id = any ($3) and period <= $2
