-- Views for people and reports. unnest stands in the select list: several run in step, and twice as fast
-- as in the from list.
create or replace view ledger.line with (security_invoker = true) as
  select book_id, entry_id, line_no, batch_no, entity_id, period, effective,
         case when line_no <= financial then 'financial' else 'budgetary' end as side, coding_id, amount,
         nullif(item, '') as item, case when foreign_amount <> 0 then currency end as currency,
         nullif(foreign_amount, 0) as foreign_amount
    from (select book_id, entry_id, generate_subscripts(coding, 1) as line_no, batch_no, entity_id, period, effective, financial,
                 unnest(coding) as coding_id, unnest(amount) as amount, unnest(item) as item, currency,
                 unnest(foreign_amount) as foreign_amount
            from ledger.entry) e;
comment on view ledger.line is 'Lines as rows.';

create or replace view ledger.balance_now with (security_invoker = true) as
  select book_id, entity_id, period, coding_id, sum(debit) as debit, sum(credit) as credit
    from (select book_id, entity_id, period, coding_id, debit, credit from ledger.balance
          union all
          select book_id, entity_id, period, coding_id, greatest(amount, 0), greatest(-amount, 0)
            from (select e.book_id, e.entity_id, e.period, unnest(e.coding) as coding_id, unnest(e.amount) as amount
                    from ledger.checkpoint c
                    join ledger.entry e on e.book_id = c.book_id and e.entry_id > c.upto_entry
                     -- These two only tell the planner that the tail is short: it guesses a third of the table for each bound.
                     and e.batch_no > c.upto_batch and e.entry_id < c.upto_entry + 1000000000) tail) fold
   group by book_id, entity_id, period, coding_id;
comment on view ledger.balance_now is 'Exact at the snapshot of the statement that reads it, whatever is posted or folded meanwhile.';

create or replace view ledger.open_item_now with (security_invoker = true) as
  select book_id, entity_id, item, coding_id, year, sum(amount) as amount, max(currency) as currency,
         sum(foreign_amount) as foreign_amount
    from (select book_id, entity_id, item, coding_id, year, amount, currency, foreign_amount from ledger.open_item
          union all
          select book_id, entity_id, item, coding_id, case when line_no <= financial then 0 else period / 100 end, amount,
                 case when foreign_amount <> 0 then currency end, coalesce(foreign_amount, 0)
            from (select e.book_id, e.entity_id, e.period, e.financial, e.currency, unnest(e.item) as item,
                         generate_subscripts(e.coding, 1) as line_no, unnest(e.coding) as coding_id,
                         unnest(e.amount) as amount, unnest(e.foreign_amount) as foreign_amount
                    from ledger.checkpoint c
                    join ledger.entry e on e.book_id = c.book_id and e.entry_id > c.upto_entry
                     and e.batch_no > c.upto_batch and e.entry_id < c.upto_entry + 1000000000
                   where e.item is not null) line
           where item <> '') fold
   group by book_id, entity_id, item, coding_id, year;
comment on view ledger.open_item_now is 'What is open on each item, exact as balance_now is. Zero: closed.';

create or replace view ledger.entity with (security_invoker = true) as
  select book_id, number as entity_id, subject as code, f ->> 'name' as name, f ->> 'sector' as sector,
         f ->> 'cp_code' as cp_code, f ->> 'reporting' = 'Y' as reporting, f ->> 'currency' as currency
    from (select book_id, number, subject, jsonb_object(fields) as f from ledger.master where kind = 'entity') m;
comment on view ledger.entity is 'Units, as last registered.';

create or replace view ledger.account with (security_invoker = true) as
  select book_id, number as account_id, subject as code, f ->> 'name' as name, f ->> 'class' as class, f ->> 'gfs' as gfs
    from (select book_id, number, subject, jsonb_object(fields) as f from ledger.master where kind = 'account') m;
comment on view ledger.account is 'The chart of accounts, as last registered.';

grant select on ledger.line, ledger.balance_now, ledger.open_item_now, ledger.entity, ledger.account to fisc_poster, fisc_reader;
