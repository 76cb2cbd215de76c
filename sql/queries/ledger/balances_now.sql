-- Turnovers by coding and period: checkpoint and tail, exact. A coding that stands in both comes twice.
-- in: int4, int4
-- out: coding_id int4, period int4, debit int8, credit int8
-- by: fisc_balances_load, ledger/reader.c
select coding_id, period, debit, credit
  from ledger.balance
 where book_id = $1 and period <= $2
union all
select coding_id, period, sum(greatest(amount, 0))::int8, sum(greatest(-amount, 0))::int8
  from (select e.period, unnest(e.coding) as coding_id, unnest(e.amount) as amount
          from ledger.checkpoint c
          join ledger.entry e on e.book_id = c.book_id and e.entry_id > c.upto_entry
           -- These two only tell the planner that the tail is short: see ledger.balance_now.
           and e.batch_no > c.upto_batch and e.entry_id < c.upto_entry + 1000000000
         where c.book_id = $1 and e.period <= $2) tail
 group by coding_id, period
