-- Codes that stand in suspense, as of the newest run of each part of each feeder that reached the books; since when each does.
-- in: int4, text
-- out: feeder text, part text, map text, code text, row_count int8, value text, since text
-- by: fisc_flow_feeder_suspense, app/flows/feeder_look.c
select n.feeder, n.part, u.map, u.code, u.row_count, u.value::text as value,
       (select to_char(min(f.began_at) at time zone 'UTC', 'YYYY-MM-DD')
          from intake.suspense b join intake.run f on f.book_id = b.book_id and f.run_id = b.run_id
         where b.book_id = $1 and f.feeder = n.feeder and f.part = n.part and b.map = u.map and b.code = u.code) as since
  from (select distinct on (r.feeder, r.part) r.feeder, r.part, r.run_id
          from intake.run r
         where r.book_id = $1 and ($2 = '' or r.feeder = $2) and r.outcome in ('posted', 'unchanged')
         order by r.feeder, r.part, r.run_id desc) n
  join intake.suspense u on u.book_id = $1 and u.run_id = n.run_id
 order by n.feeder, n.part, u.value desc, u.code
