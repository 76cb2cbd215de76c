-- The entries that bear the id of a transfer, and those that correct them, by number; so many at most.
-- in: int4, text, int4
-- out: entry_id int8, source text, reference text
-- by: find_entries, app/flows/grant.c
with recursive grant_entry(entry_id) as (
  select entry_id from ledger.entry where book_id = $1 and transfer = $2
  union
  select e.entry_id
    from grant_entry g
    join ledger.entry e on e.book_id = $1 and e.corrects = g.entry_id and (e.transfer is null or e.transfer = $2)
)
select e.entry_id, s.subject as source, e.reference
  from ledger.entry e
  join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = e.source_id
 where e.book_id = $1 and e.entry_id = any (array(select entry_id from grant_entry))
 order by e.entry_id
 limit $3
