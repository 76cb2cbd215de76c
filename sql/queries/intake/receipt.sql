-- What a source is told of a run.
-- in: int4, int8
-- out: receipt text, signature bytea
-- by: fisc_flow_feeder_receipt, app/flows/feeder_look.c
select r.receipt, r.signature from intake.run r where r.book_id = $1 and r.run_id = $2
