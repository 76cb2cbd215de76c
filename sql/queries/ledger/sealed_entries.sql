-- Entries of a unit's period in the first batches, by number: so many of them, behind others.
-- in: int4, text, int4, int8, int8, int4
-- out: entry_id int8
-- by: find_entries, app/flows/sealed.c
select e.entry_id
  from ledger.entry e
 where e.book_id = $1
   and e.entity_id = (select number from ledger.master where book_id = $1 and kind = 'entity' and subject = $2)
   and e.period = $3 and e.batch_no <= $4
 order by e.entry_id
offset $5
 limit $6
