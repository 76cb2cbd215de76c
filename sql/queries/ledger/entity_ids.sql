-- The ids of all entities of a book, as the setting fisc.entities wants them: ids and ranges.
-- in: int4
-- out: ids text
-- by: list_entities, app/cli/command_sql.c
select coalesce(string_agg(case when first = last then first::text else first || '-' || last end, ',' order by first), '') as ids
  from (select min(number) as first, max(number) as last
          from (select number, number - row_number() over (order by number) as island
                  from ledger.master
                 where book_id = $1 and kind = 'entity') entity
         group by island) range
