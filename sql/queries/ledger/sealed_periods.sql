-- Of each unit and period, how many entries there are in the first batches. Of some units, or of all that may be seen.
-- in: int4, int8, text[] (null: all)
-- out: entity text, period int4, entries int8
-- by: fisc_flow_sealed_list, app/flows/sealed.c
select m.subject as entity, e.period, count(*) as entries
  from ledger.entry e
  join ledger.master m on m.book_id = e.book_id and m.kind = 'entity' and m.number = e.entity_id
 where e.book_id = $1 and e.batch_no <= $2 and ($3::text[] is null or m.subject = any($3))
 group by m.subject, e.period
 order by m.subject, e.period
