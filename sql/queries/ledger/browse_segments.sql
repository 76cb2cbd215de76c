-- Codes of a dimension: those on record and those in use; of an entity only those that it uses. $2 is the dimension's position among those of a coding, $3 its column.
-- in: int4, int4, text, text (null: of all), text (null: from the first), text[] (null: any), int4
-- out: code text, name text, parent text
-- by: fisc_flow_segment_list, app/flows/browse.c
select s.code, max(s.name) as name, max(s.parent) as parent
  from (select substr(m.subject, length($3) + 2) as code, nullif(m.f ->> 'name', '') as name,
               nullif(m.f ->> 'parent', '') as parent, false as is_used
          from (select subject, jsonb_object(fields) as f
                  from ledger.master
                 where book_id = $1 and kind = 'segment' and starts_with(subject, $3 || '/')) m
         union all
        select distinct (array[c.counterparty, c.function, c.gfs, c.section, c.programme, c.economic, c.fund, c.project,
                               c.region, c.source_of_finance, c.cash_code, c.cash_counterparty, c.layer])[$2],
               null, null, true
          from ledger.coding c
         where c.book_id = $1
           and ($4::text is null or c.entity_id = (select number
                                                     from ledger.master
                                                    where book_id = $1 and kind = 'entity' and subject = $4))) s
 where s.code <> '' and ($5::text is null or s.code collate "C" > $5)
 group by s.code
having ($4::text is null or bool_or(s.is_used))
   and not exists (select
                     from unnest($6::text[]) w
                    where not starts_with(lower(s.code), lower(w))
                      and strpos(lower(coalesce(max(s.name), '')), lower(w)) = 0)
 order by s.code collate "C"
 limit $7
