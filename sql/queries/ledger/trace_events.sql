-- What happened to some documents, items and overrides.
-- in: int4, text[]
-- out: item_id int8, batch_no int8, posted_at text, maker text, kind text, subject text, fields text[]
-- by: load_events, ledger/trace.c
select e.item_id, e.batch_no, to_char(b.posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as posted_at,
       p.subject as maker, e.kind, e.subject, e.fields
  from ledger.event e
  join ledger.batch b on b.book_id = $1 and b.batch_no = e.batch_no
  left join ledger.master p on p.book_id = $1 and p.kind = 'person' and p.number = e.maker
 where e.book_id = $1 and e.kind in ('document', 'item', 'override') and e.subject = any ($2)
 order by e.item_id
