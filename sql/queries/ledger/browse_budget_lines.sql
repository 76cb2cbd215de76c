-- Budget lines of an entity in a year, with what was appropriated (with changes and what was carried in) and what is available.
-- in: int4, text, int4, text[] (empty: from the first), text[] (null: any), int4
-- out: dims text[], appropriated int8, available int8
-- by: fisc_flow_budget_line_list, app/flows/browse.c
-- The dimensions stand in the order of entry.h.
select l.dims, l.appropriated::int8 as appropriated, l.available::int8 as available
  from (select array['', c.function, c.gfs, c.section, c.programme, c.economic, c.fund, c.project, c.region,
                     c.source_of_finance, '', '', c.layer] as dims,
               coalesce(sum(b.debit - b.credit) filter (where a.subject in ('B11', 'B12', 'B14')), 0) as appropriated,
               coalesce(sum(b.credit - b.debit) filter (where a.subject = 'B20'), 0) as available
          from ledger.master e
          join ledger.balance_now b on b.book_id = $1 and b.entity_id = e.number
                                   and b.period between $3 * 100 and $3 * 100 + 13
          join ledger.coding c on c.book_id = $1 and c.coding_id = b.coding_id
          join ledger.master a on a.book_id = $1 and a.kind = 'account' and a.number = c.account_id
                              and a.subject in ('B11', 'B12', 'B14', 'B20')
         where e.book_id = $1 and e.kind = 'entity' and e.subject = $2
         group by 1) l
 where (cardinality($4::text[]) = 0 or l.dims collate "C" > $4)
   and not exists (select
                     from unnest($5::text[]) w
                    where not exists (select
                                        from unnest(l.dims) d
                                       where starts_with(lower(d), lower(w))))
 order by l.dims collate "C"
 limit $6
