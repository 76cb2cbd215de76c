-- What was refused under some references, and why.
-- in: int4, text[]
-- out: item_id int8, batch_no int8, posted_at text, maker text, entity text, source text, reference text, code text[], control text[], key text[], ceiling int8[], consumed int8[], requested int8[]
-- by: load_refusals, ledger/trace.c
select r.item_id, r.batch_no, to_char(b.posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as posted_at,
       p.subject as maker, n.subject as entity, s.subject as source, r.reference, r.code, r.control, r.key, r.ceiling,
       r.consumed, r.requested
  from ledger.refusal r
  join ledger.batch b on b.book_id = $1 and b.batch_no = r.batch_no
  left join ledger.master p on p.book_id = $1 and p.kind = 'person' and p.number = r.maker
  left join ledger.master n on n.book_id = $1 and n.kind = 'entity' and n.number = r.entity_id
  left join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = r.source_id
 where r.book_id = $1 and r.reference = any ($2)
 order by r.item_id
