-- What a feeder has posted so far for parts of it: the first word of a reference is its part, unless all of it is one ('').
-- in: int4, text, text[]
-- out: part text, reference text, period int4, digest bytea
-- by: fisc_intake_posted, app/flows/intake.c
select p.part, r.reference, r.period, r.digest
  from ledger.master s
  join ledger.reference r on r.book_id = $1 and r.source_id = s.number
 cross join lateral (select case when $3 = array[''] then '' else split_part(r.reference, '/', 1) end) p(part)
 where s.book_id = $1 and s.kind = 'source' and s.subject = $2 and p.part = any($3)
 order by r.entry_id
