-- What is on record under some references, with the receipts.
-- in: int4, text[], text[]
-- out: source text, reference text, entry_id int8, batch_no int8, digest bytea, hash bytea, memo_salt bytea, memo_hash bytea
-- by: ask_references, ledger/poster.c
select asked.source, r.reference, r.entry_id, r.batch_no, r.digest, e.hash, e.memo_salt, e.memo_hash
  from unnest($2::text[], $3::text[]) as asked(source, reference)
  join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.subject = asked.source
  join ledger.reference r on r.book_id = $1 and r.source_id = s.number and r.reference = asked.reference
  join ledger.entry e on e.book_id = $1 and e.entry_id = r.entry_id and e.period = r.period
