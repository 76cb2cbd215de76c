-- Runs of a feeder whose document is not dealt with: it waits, or nobody has written down what became of it.
-- in: int4, text
-- out: run_id int8, part text, document text, outcome text
-- by: fisc_intake_staged, app/flows/intake_stage.c
select r.run_id, r.part, r.document, r.outcome
  from intake.run r
 where r.book_id = $1 and r.feeder = $2 and r.document <> ''
   and (r.outcome in ('running', 'staged') or (r.outcome = 'posted' and r.receipt is null))
 order by r.run_id
