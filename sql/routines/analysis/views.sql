-- The books as analysts read them: codes instead of numbers, decimal amounts instead of minor units. Every row is of one
-- entity, and shown only to who may see that entity (ledger.visible()): entries and balances by row security,
-- what has none by a condition here. Names of columns are a promise: a column may be added at the end, none is
-- renamed or removed. A name means the same in every view; what it means is said once, at the end.

create or replace function analysis.decimals(currency text) returns int language sql immutable parallel safe as $$
  select case
           when currency in ('BIF', 'BYR', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI',
                             'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
           when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
           when currency in ('CLF', 'UYW') then 4
           else 2
         end
$$;
comment on function analysis.decimals is 'Decimals of a currency (ISO 4217), as core/base/currency.c has them; two where none is named.';

create or replace function analysis.amount(minor numeric, decimals int) returns numeric language sql immutable parallel safe as $$
  select minor * case decimals when 2 then 0.01 when 0 then 1 when 3 then 0.001 else 0.0001 end
$$;
comment on function analysis.amount is 'Minor units as a decimal amount, exactly.';

create or replace function analysis.gfs_code(stem text, flow int, kind int) returns text language sql immutable parallel safe as $$
  select case when stem like '6%' then flow || substr(stem, 2) || case when kind > 0 then '.' || kind else '' end
              else nullif(stem, '') end
$$;
comment on function analysis.gfs_code is 'The GFSM 2014 code of a flow: 6111 acquired is 3111.1, revalued 4111.';

create or replace function analysis.gfs_sign(code text) returns int language sql immutable parallel safe as $$
  select case when code like '1%' or code ~ '^([456]$|[3456]3|[3456].*\.[23]$)' then -1 else 1 end
$$;
comment on function analysis.gfs_sign is 'Minus one where a credit raises what the code shows: revenue, liabilities, net worth, disposals.';

-- 1. Who and what ---------------------------------------------------------------------------------

create or replace view analysis.entity with (security_invoker = true) as
  select b.name as book, e.code as entity, e.name, e.sector, e.cp_code as counterparty_code, e.reporting as has_statements,
         nullif(e.currency, '') as currency
    from ledger.entity e
    join ledger.book b on b.book_id = e.book_id
   where e.entity_id = any ((select ledger.visible())::int[]);
comment on view analysis.entity is 'Units, as last registered: one row each.';

create or replace view analysis.entity_history with (security_invoker = true) as
  select b.name as book, e.code as entity, (h.f ->> 'from')::date as valid_from, h.f ->> 'name' as name,
         h.f ->> 'sector' as sector, h.f ->> 'cp_code' as counterparty_code, h.f ->> 'article' as article
    from (select book_id, jsonb_object(fields) as f from ledger.master where kind = 'history') h
    join ledger.entity e on e.book_id = h.book_id and e.code = h.f ->> 'entity'
    join ledger.book b on b.book_id = h.book_id
   where e.entity_id = any ((select ledger.visible())::int[]);
comment on view analysis.entity_history is 'What changed of a unit from a day on: one row for each change; null = as it was before.';

create or replace view analysis.entity_group with (security_invoker = true) as
  select b.name as book, g.subject as "group", g.f ->> 'name' as name, e.code as entity, m.valid_from, m.valid_to
    from (select book_id, subject, jsonb_object(fields) as f from ledger.master where kind = 'group') g
    join ledger.entity e on e.book_id = g.book_id
    join ledger.book b on b.book_id = g.book_id
    left join (select book_id, f ->> 'group' as "group", f ->> 'entity' as entity, (f ->> 'from')::date as valid_from,
                      nullif(f ->> 'to', '')::date as valid_to
                 from (select book_id, jsonb_object(fields) as f from ledger.master where kind = 'membership') d) m
      on m.book_id = g.book_id and m."group" = g.subject and m.entity = e.code
   where (m.entity is not null or e.code = any (string_to_array(g.f ->> 'members', ' ')))
     and e.entity_id = any ((select ledger.visible())::int[]);
comment on view analysis.entity_group is 'Groups and their members: one row for each membership.';

create or replace view analysis.account with (security_invoker = true) as
  select b.name as book, a.subject as account, a.f ->> 'name' as name, a.f ->> 'class' as class,
         case when a.f ->> 'class' = 'budgetary' then 'budgetary' else 'financial' end as side,
         nullif(a.f ->> 'gfs', '') as gfs_stem, nullif(a.f ->> 'stage', '') as stage,
         nullif(a.f ->> 'normal', '') as normal_side
    from (select book_id, subject, jsonb_object(fields) as f from ledger.master where kind = 'account') a
    join ledger.book b on b.book_id = a.book_id;
comment on view analysis.account is 'The chart of accounts, as last registered: one row each. It is of no entity: everybody sees all of it.';

create or replace view analysis.period with (security_invoker = true) as
  select b.name as book, p.period, p.period / 100 as year, p.period % 100 as month, p.state
    from ledger.period p
    join ledger.book b on b.book_id = p.book_id;
comment on view analysis.period is 'Periods and their states: one row each.';

create or replace view analysis.coding with (security_invoker = true) as
  select b.name as book, c.coding_id as coding, e.code as entity, a.code as account, a.name as account_name,
         a.class as account_class,
         case c.flow when 3 then 'transaction' when 4 then 'holding gain' when 5 then 'volume change' else 'opening' end as flow,
         case c.kind when 1 then 'acquisition' when 2 then 'disposal' when 3 then 'consumption' end as kind,
         case when a.class in ('budgetary', 'proprietary') then null else analysis.gfs_code(a.gfs, c.flow, c.kind) end as gfs_posted,
         nullif(c.counterparty, '') as counterparty_entity, nullif(c.function, '') as cofog, nullif(c.gfs, '') as gfs_code,
         nullif(c.section, '') as section, nullif(c.programme, '') as programme, nullif(c.economic, '') as economic,
         nullif(c.fund, '') as fund, nullif(c.project, '') as project, nullif(c.region, '') as region,
         nullif(c.source_of_finance, '') as source_of_finance, nullif(c.cash_code, '') as cash_code,
         nullif(c.cash_counterparty, '') as cash_counterparty, nullif(c.layer, '') as layer
    from ledger.coding c
    join ledger.entity e on e.book_id = c.book_id and e.entity_id = c.entity_id
    join ledger.account a on a.book_id = c.book_id and a.account_id = c.account_id
    join ledger.book b on b.book_id = c.book_id
   where c.entity_id = any ((select ledger.visible())::int[]);
comment on view analysis.coding is 'Combinations of entity, account and segments that are in use: one row each.';

-- 2. What happened --------------------------------------------------------------------------------

create or replace view analysis.entry with (security_invoker = true) as
  select b.name as book, e.entry_id as entry, u.code as entity, e.period, e.period / 100 as year, e.effective, t.posted_at,
         e.batch_no as batch, s.subject as source, e.reference, e.document, e.transfer, p.subject as maker,
         e.corrects as corrects_entry, e.reverses as is_reversal, cardinality(e.amount) as lines,
         encode(e.hash, 'hex') as hash
    from ledger.entry e
    join ledger.book b on b.book_id = e.book_id
    join ledger.entity u on u.book_id = e.book_id and u.entity_id = e.entity_id
    join ledger.batch t on t.book_id = e.book_id and t.batch_no = e.batch_no
    join ledger.master s on s.book_id = e.book_id and s.kind = 'source' and s.number = e.source_id
    join ledger.master p on p.book_id = e.book_id and p.kind = 'person' and p.number = e.maker;
comment on view analysis.entry is 'Entries: one row each. Memos are not shown: they may name natural persons.';

create or replace view analysis.line with (security_invoker = true) as
  select c.book, l.entry_id as entry, l.line_no as line, c.entity, l.period, l.period / 100 as year, l.effective,
         n.reference, n.document, l.side, c.account, c.account_name, c.account_class, c.flow, c.kind, c.gfs_posted,
         analysis.amount(greatest(l.amount, 0), analysis.decimals(u.currency)) as debit,
         analysis.amount(greatest(-l.amount, 0), analysis.decimals(u.currency)) as credit,
         analysis.amount(l.amount, analysis.decimals(u.currency)) as amount,
         l.item, l.currency as foreign_currency,
         analysis.amount(l.foreign_amount, analysis.decimals(l.currency)) as foreign_amount,
         c.counterparty_entity, c.cofog, c.gfs_code, c.section, c.programme, c.economic, c.fund, c.project, c.region,
         c.source_of_finance, c.cash_code, c.cash_counterparty, c.layer, c.coding
    from ledger.line l
    join ledger.book b on b.book_id = l.book_id
    join ledger.entity u on u.book_id = l.book_id and u.entity_id = l.entity_id
    join ledger.entry n on n.book_id = l.book_id and n.entry_id = l.entry_id and n.period = l.period
    join analysis.coding c on c.book = b.name and c.coding = l.coding_id;
comment on view analysis.line is 'Lines of entries with their codings: one row each.';

create or replace view analysis.balance with (security_invoker = true) as
  select c.book, c.entity, s.period, s.period / 100 as year, s.period % 100 as month, c.account, c.account_name,
         c.account_class, c.flow, c.kind, c.gfs_posted,
         analysis.amount(s.debit, analysis.decimals(u.currency)) as debit,
         analysis.amount(s.credit, analysis.decimals(u.currency)) as credit,
         analysis.amount(s.debit - s.credit, analysis.decimals(u.currency)) as amount,
         c.counterparty_entity, c.cofog, c.gfs_code, c.section, c.programme, c.economic, c.fund, c.project, c.region,
         c.source_of_finance, c.cash_code, c.cash_counterparty, c.layer, c.coding
    from ledger.balance_now s
    join ledger.book b on b.book_id = s.book_id
    join ledger.entity u on u.book_id = s.book_id and u.entity_id = s.entity_id
    join analysis.coding c on c.book = b.name and c.coding = s.coding_id;
comment on view analysis.balance is 'Turnovers by coding and month: one row each. The balance on a day is the sum of all rows up to its period.';

-- 3. What it means --------------------------------------------------------------------------------

create or replace view analysis.gfs_flow with (security_invoker = true) as
  select book, entity, period, year, month, gfs_posted, flow, kind, counterparty_entity, cofog, layer,
         sum(amount) * analysis.gfs_sign(gfs_posted) as amount
    from analysis.balance
   where gfs_posted is not null and flow <> 'opening' and account_class <> 'net_worth'
   group by book, entity, period, year, month, gfs_posted, flow, kind, counterparty_entity, cofog, layer;
comment on view analysis.gfs_flow is 'Flows by GFSM 2014 code and month, signed as statements show them, not consolidated: one row for each code, counterparty, function and layer.';

create or replace view analysis.budget_position with (security_invoker = true) as
  select book, entity, year, cofog, gfs_code, section, programme, economic, fund, project, region, source_of_finance,
         coalesce(sum(amount) filter (where stage = 'appropriation'), 0) as original,
         coalesce(sum(amount) filter (where stage = 'change'), 0) as change,
         coalesce(sum(amount) filter (where stage = 'carry'), 0) as carried,
         coalesce(sum(amount) filter (where stage in ('appropriation', 'change')), 0) as final,
         coalesce(sum(amount) filter (where stage = 'release'), 0) as released,
         coalesce(-sum(amount) filter (where stage = 'block'), 0) as blocked,
         coalesce(-sum(amount) filter (where stage in ('authorization', 'commitment', 'obligation', 'payment')), 0) as authorized,
         coalesce(-sum(amount) filter (where stage in ('commitment', 'obligation', 'payment')), 0) as committed,
         coalesce(-sum(amount) filter (where stage in ('obligation', 'payment')), 0) as obligated,
         coalesce(-sum(amount) filter (where stage = 'payment'), 0) as paid,
         coalesce(-sum(amount) filter (where stage = 'available'), 0) as available,
         coalesce(sum(amount) filter (where stage = 'estimate'), 0) as estimate,
         coalesce(sum(amount) filter (where stage = 'estimate_change'), 0) as estimate_change,
         coalesce(-sum(amount) filter (where stage in ('recognition', 'collection')), 0) as recognized,
         coalesce(-sum(amount) filter (where stage = 'collection'), 0) as collected
    from (select s.*, a.stage
            from analysis.balance s
            join analysis.account a on a.book = s.book and a.account = s.account
           where s.account_class = 'budgetary') staged
   group by book, entity, year, cofog, gfs_code, section, programme, economic, fund, project, region, source_of_finance;
comment on view analysis.budget_position is 'Where each budget line stands in a year, by stage: one row each. A stage includes the later ones: what is paid was also committed.';

create or replace view analysis.document with (security_invoker = true) as
  select b.name as book, d.subject as document, d.f ->> 'action' as action, d.f ->> 'state' as state,
         d.f ->> 'entity' as entity, d.f ->> 'maker' as maker, nullif(d.f ->> 'approved_by', '') as approved_by,
         d.f ->> 'reason' as reason
    from (select book_id, subject, jsonb_object(fields) as f from ledger.master where kind = 'document') d
    join ledger.book b on b.book_id = d.book_id
    left join ledger.entity e on e.book_id = d.book_id and e.code = d.f ->> 'entity'
   where case when e.entity_id is not null then e.entity_id = any ((select ledger.visible())::int[])
              else not exists (select from ledger.entity every
                                where every.book_id = d.book_id
                                  and every.entity_id <> all (coalesce((select ledger.visible())::int[], '{}'))) end;
comment on view analysis.document is 'Documents and their states: one row each. Those of the whole book, entity *, are shown to who may see every entity.';

-- 4. What the names mean --------------------------------------------------------------------------

do $$
declare
  r record;
begin
  for r in
    select c.relname, a.attname, w.meaning
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      join (values
              ('account', 'Number of the account.'),
              ('account_class', 'revenue, expense, nonfinancial_asset, financial_asset, liability, net_worth, budgetary, proprietary.'),
              ('account_name', 'What the account is called.'),
              ('action', 'What a document is about: budget, commitment, claim, payment, rules ...'),
              ('amount', 'Debit less credit, in the entity''s currency; in gfs_flow signed as statements show it.'),
              ('approved_by', 'Persons who have approved.'),
              ('article', 'Of the law.'),
              ('authorized', 'Reserved, or further.'),
              ('available', 'What may still be authorized.'),
              ('batch', 'Batch of the chain that brought it: --known-at of reports.'),
              ('blocked', 'Held back.'),
              ('book', 'Name of the book.'),
              ('carried', 'Brought in from the year before.'),
              ('cash_code', 'Row of the cash statement, of a cash line.'),
              ('cash_counterparty', 'Payer or payee, of a cash line.'),
              ('change', 'Supplements and virements.'),
              ('class', 'Class of the account, as account_class elsewhere.'),
              ('coding', 'Number of the coding in its book.'),
              ('cofog', 'Function of government.'),
              ('collected', 'Revenue that has come in.'),
              ('committed', 'Ordered, or further.'),
              ('corrects_entry', 'Number of the entry that this one corrects.'),
              ('counterparty_code', 'Digits after 82 and 83 in GFSM 2014: whom others deal with.'),
              ('counterparty_entity', 'The other party, an entity or a group.'),
              ('credit', 'In the entity''s currency.'),
              ('currency', 'ISO 4217; null: of two decimals, not named.'),
              ('debit', 'In the entity''s currency.'),
              ('document', 'What people know it by: journal, voucher, order.'),
              ('economic', 'National economic class.'),
              ('effective', 'The day an entry counts for.'),
              ('entity', 'Code of the unit.'),
              ('entry', 'Number of the entry in its book.'),
              ('estimate', 'Revenue as voted.'),
              ('estimate_change', 'Later changes of it.'),
              ('final', 'Original and change.'),
              ('flow', 'transaction, holding gain, volume change, or opening.'),
              ('foreign_amount', 'In the foreign currency, debit positive.'),
              ('foreign_currency', 'ISO 4217, of a line in another currency.'),
              ('fund', 'Fund.'),
              ('gfs_code', 'GFS class of a budgetary line.'),
              ('gfs_posted', 'GFSM 2014 code of the flow: 22, 3111.1, 4304, 6202; null: none.'),
              ('gfs_stem', 'GFSM 2014 code of the account, as a stock where there is one: 6111.'),
              ('group', 'Code of the group.'),
              ('has_statements', 'Whether it is a unit with statements, and not only somebody units deal with.'),
              ('hash', 'SHA-256 of the entry as posted: its receipt.'),
              ('is_reversal', 'True for the exact reversal of corrects_entry.'),
              ('item', 'Open item that the line opens or takes from.'),
              ('kind', 'Of a flow of nonfinancial assets: acquisition, disposal, consumption.'),
              ('layer', 'Layer of adjustments; null: as reported.'),
              ('line', 'Number of the line in its entry, from 1.'),
              ('lines', 'How many there are.'),
              ('maker', 'Code of the person who answers for it.'),
              ('month', '1 to 12; 0 opening, 13 adjustments.'),
              ('name', 'What it is called.'),
              ('normal_side', 'debit or credit, where the chart says so.'),
              ('obligated', 'Owed or paid.'),
              ('original', 'As voted.'),
              ('paid', 'Paid.'),
              ('period', 'YYYYPP: 00 opening, 01-12 months, 13 adjustments.'),
              ('posted_at', 'When it entered the chain.'),
              ('programme', 'Programme.'),
              ('project', 'Project.'),
              ('reason', 'What its maker said.'),
              ('recognized', 'Revenue that is due or has come in.'),
              ('reference', 'Name that its submitter gave it, unique per source.'),
              ('region', 'Region.'),
              ('released', 'Allotted.'),
              ('section', 'Administrative unit inside the entity.'),
              ('sector', 'SNA codes, joined by +.'),
              ('side', 'financial or budgetary.'),
              ('source', 'Where references are unique.'),
              ('source_of_finance', 'Source of finance.'),
              ('stage', 'Stage of a budget line, of a budgetary account.'),
              ('state', 'Of a period: future, open, held, closed, sealed. Of a document: proposed, approved, rejected, withdrawn, done.'),
              ('transfer', 'Shared by the two halves of a dealing of two entities.'),
              ('valid_from', 'First day; null: always.'),
              ('valid_to', 'Last day; null: no end.'),
              ('year', 'Fiscal year of the period.')) w (name, meaning) on w.name = a.attname
     where c.relnamespace = 'analysis'::regnamespace and c.relkind = 'v'
  loop
    execute format('comment on column analysis.%I.%I is %L', r.relname, r.attname, r.meaning);
  end loop;
end $$;

grant select on all tables in schema analysis to fisc_reader;
