-- The same of some entities, by number.
-- in: int4, int4, int4[]
-- out: coding_id int4, period int4, debit int8, credit int8
-- by: fisc_balances_load, ledger/reader.c
-- The tail is found first, by key, and only then filtered: a planner that sees the entities would read the whole log for them.
with tail as materialized (
  select e.entity_id, e.period, e.coding, e.amount
    from ledger.checkpoint c
    join ledger.entry e on e.book_id = c.book_id and e.entry_id > c.upto_entry
     -- These two only tell the planner that the tail is short: see ledger.balance_now.
     and e.batch_no > c.upto_batch and e.entry_id < c.upto_entry + 1000000000
   where c.book_id = $1 and e.period <= $2
)
select coding_id, period, debit, credit
  from ledger.balance
 where book_id = $1 and entity_id = any ($3) and period <= $2
union all
select coding_id, period, sum(greatest(amount, 0))::int8, sum(greatest(-amount, 0))::int8
  from (select period, unnest(coding) as coding_id, unnest(amount) as amount from tail where entity_id = any ($3)) line
 group by coding_id, period
