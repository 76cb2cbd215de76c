-- Folds the open items of a stretch of entries, the first of them excluded. Only advance_checkpoint calls it: nobody
-- else may execute it.
create or replace function ledger.fold_open_items(p_book int, p_after bigint, p_upto bigint) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with line as materialized (
    select e.entity_id, l.item, l.coding_id, case when l.n <= e.financial then 0 else e.period / 100 end as year,
           l.amount, coalesce(l.foreign_amount, 0) as foreign_amount, e.currency, e.entry_id, l.n, e.hands
      from ledger.entry e, unnest(e.item, e.coding, e.amount, e.foreign_amount)
                           with ordinality as l(item, coding_id, amount, foreign_amount, n)
     where e.book_id = p_book and e.entry_id > p_after and e.entry_id <= p_upto and e.item is not null and l.item <> ''
  ), opened as (
    select distinct on (entity_id, item) entity_id, item, sign(amount)::smallint as side
      from line order by entity_id, item, entry_id, n
  ), held as (
    select distinct on (entity_id, item, coding_id, year) entity_id, item, coding_id, year, hands
      from line where hands is not null order by entity_id, item, coding_id, year, entry_id desc, n desc
  ), first as (
    select distinct on (entity_id, item, coding_id, year) entity_id, item, coding_id, year, entry_id, n
      from line order by entity_id, item, coding_id, year, entry_id, n
  ), folded as (
    select entity_id, item, coding_id, year, sum(amount)::bigint as amount, sum(foreign_amount)::bigint as foreign_amount,
           max(currency) filter (where foreign_amount <> 0) as currency
      from line group by 1, 2, 3, 4
  )
  insert into ledger.open_item as old (book_id, entity_id, item, coding_id, year, side, amount, currency, foreign_amount, hands,
                                       opened_entry, opened_line)
    select p_book, f.entity_id, f.item, f.coding_id, f.year,
           -- The item may be older than this coding of it.
           coalesce((select o.side from ledger.open_item o
                      where o.book_id = p_book and o.entity_id = f.entity_id and o.item = f.item limit 1), opened.side),
           f.amount, f.currency, f.foreign_amount, held.hands, first.entry_id, first.n
      from folded f
      join opened using (entity_id, item)
      join first using (entity_id, item, coding_id, year)
      left join held using (entity_id, item, coding_id, year)
     order by 2, 3, 4, 5
    on conflict (book_id, entity_id, item, coding_id, year) do update
      set amount = old.amount + excluded.amount, foreign_amount = old.foreign_amount + excluded.foreign_amount,
          currency = coalesce(old.currency, excluded.currency), hands = coalesce(excluded.hands, old.hands);
$$;
revoke all on function ledger.fold_open_items from public;
comment on function ledger.fold_open_items is 'Folds open items; advance_checkpoint calls it.';
