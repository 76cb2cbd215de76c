-- The entry on record under a reference, and its batch.
-- in: int4, text, text
-- out: entry_id int8, batch_no int8
-- by: find_reference, ledger/proof_build.c
select r.entry_id, r.batch_no
  from ledger.master s
  join ledger.reference r on r.book_id = s.book_id and r.source_id = s.number and r.reference = $3
 where s.book_id = $1 and s.kind = 'source' and s.subject = $2
