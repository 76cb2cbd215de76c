-- The entries a key leads to: those that carry it as reference, document, transfer or open item, and from there on whatever corrects them, is corrected by them or shares an open item with them. Oldest first, so many at most.
-- in: int4, text, int4
-- out: entry_id int8, item_id int8, batch_no int8, posted_at text, maker text, entity text, source text, reference text, document text, transfer text, corrects int8, reverses bool, effective date, memo text
-- by: load_entries, ledger/trace.c
-- What was found in one round is looked up together: entry by entry, each would be held against the whole book.
with recursive chain(entry_id, entity_id, corrects, items) as (
  select entry_id, entity_id, corrects, array_remove(item, '')
    from ledger.entry
   where book_id = $1 and (reference = $2 or document = $2 or transfer = $2 or (item @> array[$2] and $2 <> ''))
  union
  select f.entry_id, f.entity_id, f.corrects, f.items
    from (with found as materialized (select entry_id, entity_id, corrects, items from chain),
               wanted as materialized (select distinct entity_id, unnest(items) as item from found)
          select e.entry_id, e.entity_id, e.corrects, array_remove(e.item, '') as items
            from ledger.entry e
            join found c on e.corrects = c.entry_id
           where e.book_id = $1 and e.corrects is not null
          union all
          select e.entry_id, e.entity_id, e.corrects, array_remove(e.item, '')
            from found c
            join ledger.entry e on e.book_id = $1 and e.entry_id = c.corrects
          union all
          select e.entry_id, e.entity_id, e.corrects, array_remove(e.item, '')
            from ledger.entry e
           where e.book_id = $1 and e.item is not null
             and exists (select from unnest(e.item) as own(item)
                         join wanted w on w.item = own.item and w.entity_id = e.entity_id)) f
)
select e.entry_id, e.item_id, e.batch_no, to_char(b.posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as posted_at,
       p.subject as maker, n.subject as entity, s.subject as source, e.reference, e.document, e.transfer, e.corrects,
       e.reverses, e.effective, e.memo
  from ledger.entry e
  join ledger.batch b on b.book_id = $1 and b.batch_no = e.batch_no
  left join ledger.master p on p.book_id = $1 and p.kind = 'person' and p.number = e.maker
  left join ledger.master n on n.book_id = $1 and n.kind = 'entity' and n.number = e.entity_id
  left join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = e.source_id
 where e.book_id = $1 and e.entry_id = any (array(select entry_id from chain))
 order by e.entry_id
 limit $3
