-- The keys that have appropriations, in the order they were first appropriated.
-- in: int4
-- out: entity text, year int4, gfs text, function text, section text, programme text, economic text
-- by: fisc_budget_view_load, budget/view.c
select (select e.subject
          from ledger.master e
         where e.book_id = $1 and e.kind = 'entity' and e.number = c.entity_id) as entity,
       b.year, c.gfs, c.function, c.section, c.programme, c.economic
  -- Each coding is looked up by its key, and offset 0 keeps it so: just after a first load there are no
  -- statistics, and a planner that expects thirty rows would compare every coding with every balance.
  from (select distinct coding_id, period / 100 as year
          from ledger.balance_now
         where book_id = $1) b
 cross join lateral (select k.coding_id, k.entity_id, k.account_id, k.gfs, k.function, k.section, k.programme, k.economic
                       from ledger.coding k
                      where k.book_id = $1 and k.coding_id = b.coding_id
                     offset 0) c
 where c.account_id = any (array(select a.number
                                   from ledger.master a
                                  where a.book_id = $1 and a.kind = 'account' and a.subject in ('B11', 'B12', 'B14')))
 order by c.coding_id
