-- Runs, newest first: of a feeder or of all.
-- in: int4, text, int4
-- out: run_id int8, feeder text, part text, began_at text, outcome text, reason text, row_count int8, value text, mapped text, suspense text, posted int4, reversed int4, unchanged int4, batch_no int8
-- by: fisc_flow_feeder_runs, app/flows/feeder_look.c
select r.run_id, r.feeder, r.part, to_char(r.began_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as began_at,
       case when r.outcome = 'running' and r.began_at < now() - interval '1 day' then 'lost' else r.outcome end as outcome, r.reason,
       r.row_count, r.value::text as value, r.mapped::text as mapped, r.suspense::text as suspense, r.posted, r.reversed, r.unchanged, r.batch_no
  from intake.run r
 where r.book_id = $1 and ($2 = '' or r.feeder = $2)
 order by r.run_id desc
 limit $3
