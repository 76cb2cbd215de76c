-- Entries of a range, as subscribers are told of them.
-- in: int4, int8, int8
-- out: item_id int8, entry_id int8, entity text, source text, reference text, document text, effective date, period int4, maker text
-- by: read_entries, app/server/feed_read.c
select e.item_id, e.entry_id, n.subject as entity, s.subject as source, e.reference, e.document, e.effective, e.period,
       p.subject as maker
  from ledger.entry e
  join ledger.master n on n.book_id = $1 and n.kind = 'entity' and n.number = e.entity_id
  left join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = e.source_id
  left join ledger.master p on p.book_id = $1 and p.kind = 'person' and p.number = e.maker
 where e.book_id = $1 and e.entry_id >= $2 and e.entry_id < $3
 order by e.entry_id
