-- The entries posted under a reference: one, unless several sources have it.
-- in: int4, text, text (null: any)
-- out: entry_id int8, reference text, source text, entity text, period int4, effective date, memo text, document text, transfer text, corrects text, reverses bool, batch_no int8, posted_at text, actor text, digest bytea, hash bytea, currency text
-- by: fisc_flow_entry_show, app/flows/browse_entry.c
select e.entry_id, e.reference, s.subject as source, n.subject as entity, e.period, e.effective, e.memo, e.document,
       e.transfer, (select c.reference from ledger.entry c where c.book_id = $1 and c.entry_id = e.corrects) as corrects,
       e.reverses, e.batch_no, to_char(b.posted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as posted_at,
       p.subject as actor, e.digest, e.hash, e.currency
  from ledger.master s
  join ledger.reference r on r.book_id = $1 and r.source_id = s.number and r.reference = $2
  join ledger.entry e on e.book_id = $1 and e.entry_id = r.entry_id and e.period = r.period
  join ledger.batch b on b.book_id = $1 and b.batch_no = e.batch_no
  left join ledger.master n on n.book_id = $1 and n.kind = 'entity' and n.number = e.entity_id
  left join ledger.master p on p.book_id = $1 and p.kind = 'person' and p.number = e.maker
 where s.book_id = $1 and s.kind = 'source' and ($3::text is null or s.subject = $3)
 order by e.entry_id
