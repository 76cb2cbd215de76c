-- What is on record under some references, with the receipts. Lateral: each is looked up by its key, whatever the tables hold.
-- in: int4, text[], text[]
-- out: source text, reference text, entry_id int8, batch_no int8, digest bytea, hash bytea, memo_salt bytea, memo_hash bytea
-- by: ask_references, ledger/poster.c
-- The arrays are selected so that a plan does not know how long they are: a few references look cheaper than the ten
-- that are guessed, and the query would be planned anew each time, for all partitions: half of what its process did.
select asked.source, r.reference, r.entry_id, r.batch_no, r.digest, e.hash, e.memo_salt, e.memo_hash
  from unnest((select $2::text[]), (select $3::text[])) as asked(source, reference)
 cross join lateral (select m.number from ledger.master m
                      where m.book_id = $1 and m.kind = 'source' and m.subject = asked.source limit 1) s
 cross join lateral (select p.reference, p.entry_id, p.batch_no, p.period, p.digest from ledger.reference p
                      where p.book_id = $1 and p.source_id = s.number and p.reference = asked.reference limit 1) r
 cross join lateral (select i.hash, i.memo_salt, i.memo_hash from ledger.entry i
                      where i.book_id = $1 and i.entry_id = r.entry_id and i.period = r.period limit 1) e
