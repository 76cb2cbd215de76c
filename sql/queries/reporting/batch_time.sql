-- When a batch was posted: what is made from the books as known at it is dated so.
-- in: int4, int8
-- out: posted_at text, posted_us int8
-- by: fisc_bundle_gather, app/flows/bundle_gather.c
select to_char(posted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as posted_at,
       (extract(epoch from posted_at) * 1000000)::int8 as posted_us
  from ledger.batch
 where book_id = $1 and batch_no = $2
