-- What a feeder has posted so far: the references of its source that begin with a text.
-- in: int4, text, text
-- out: reference text, period int4, digest bytea
-- by: fisc_intake_posted, app/flows/intake.c
select r.reference, r.period, r.digest
  from ledger.master s
  join ledger.reference r on r.book_id = $1 and r.source_id = s.number and starts_with(r.reference, $3)
 where s.book_id = $1 and s.kind = 'source' and s.subject = $2
 order by r.entry_id
