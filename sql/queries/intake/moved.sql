-- Where officers took amounts out of suspense: entries of some entities, not of the feeder, with a line at an account of suspense and others of the opposite side. The words are those that may name the code.
-- in: int4, text[], text[], text
-- out: reference text, words text[], suspense text, account text, flow int2, kind int2
-- by: load_moves, app/flows/propose_history.c
with suspended as materialized (
  select c.coding_id, a.subject, c.economic
    from ledger.master a
    join ledger.coding c on c.book_id = $1 and c.account_id = a.number
   where a.book_id = $1 and a.kind = 'account' and a.subject = any ($3)
), moves as materialized (
  select e.entry_id, e.reference, e.document, e.memo, e.coding[1:e.financial] as coding, e.amount[1:e.financial] as amount
    from ledger.entry e
   where e.book_id = $1 and e.coding && array(select s.coding_id from suspended s) and not e.reverses
     and e.entity_id in (select n.number from ledger.master n where n.book_id = $1 and n.kind = 'entity' and n.subject = any ($2))
     and e.source_id not in (select o.number from ledger.master o where o.book_id = $1 and o.kind = 'source' and o.subject = $4)
   order by e.entry_id desc
   limit 1000
), line as (
  select m.entry_id, m.reference, m.document, m.memo, unnest(m.coding) as coding_id, unnest(m.amount) as amount from moves m
)
select distinct out_of.reference, array_remove(array[out_of.document, out_of.memo, nullif(s.economic, ''), nullif(c.economic, '')], null) as words,
       s.subject as suspense, a.subject as account, c.flow, c.kind
  from line out_of
  join suspended s on s.coding_id = out_of.coding_id
  join line into_ on into_.entry_id = out_of.entry_id and sign(into_.amount) = -sign(out_of.amount)
  join ledger.coding c on c.book_id = $1 and c.coding_id = into_.coding_id
  join ledger.master a on a.book_id = $1 and a.kind = 'account' and a.number = c.account_id
 where a.subject <> s.subject
 order by out_of.reference, account
