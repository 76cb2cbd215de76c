-- The keys that have appropriations, in the order they were first appropriated.
-- in: int4
-- out: entity text, year int4, gfs text, function text, section text, programme text, economic text
-- by: fisc_budget_view_load, budget/view.c
select e.subject as entity, b.period / 100 as year, c.gfs, c.function, c.section, c.programme, c.economic
  from ledger.coding c
  join ledger.master a on a.book_id = $1 and a.kind = 'account' and a.number = c.account_id and a.subject in ('B11', 'B12')
  join ledger.master e on e.book_id = $1 and e.kind = 'entity' and e.number = c.entity_id
  join (select distinct coding_id, period from ledger.balance_now where book_id = $1) b on b.coding_id = c.coding_id
 where c.book_id = $1
 order by c.coding_id
