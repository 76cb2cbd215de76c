-- How each feeder stands: when it was asked and answered, what it gave, what its newest run came to.
-- in: int4
-- out: feeder text, cursor text, tried_at text, succeeded_at text, failures int4, waits_s int8, note text, documents int8, outcome text, run_id int8, row_count int8, value text, mapped text, suspense text, certified int8, next_at text, age_s int8
-- by: fisc_flow_feeder_list, app/flows/feeder_look.c
select w.feeder, w.cursor, to_char(w.tried_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as tried_at,
       to_char(w.succeeded_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as succeeded_at, w.failures,
       greatest(0, extract(epoch from w.next_at - now()))::bigint as waits_s, w.note,
       (select count(distinct d.document) from intake.delivery d where d.book_id = $1 and d.feeder = w.feeder) as documents,
       n.outcome, n.run_id, s.row_count::bigint as row_count, s.value::text as value, s.mapped::text as mapped, s.suspense::text as suspense,
       (select count(*) from (select distinct on (d.document) d.status from intake.delivery d where d.book_id = $1 and d.feeder = w.feeder
                               order by d.document, d.version desc) d where d.status = 'certified') as certified,
       to_char(w.next_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as next_at,
       extract(epoch from now() - w.succeeded_at)::bigint as age_s
  from intake.watch w
  left join lateral (select r.outcome, r.run_id from intake.run r
                      where r.book_id = $1 and r.feeder = w.feeder order by r.run_id desc limit 1) n on true
  left join lateral (select coalesce(sum(p.row_count), 0) as row_count, coalesce(sum(p.value), 0) as value, coalesce(sum(p.mapped), 0) as mapped,
                            coalesce(sum(p.suspense), 0) as suspense
                       from (select distinct on (r.part) r.row_count, r.value, r.mapped, r.suspense from intake.run r
                              where r.book_id = $1 and r.feeder = w.feeder and r.outcome in ('posted', 'unchanged')
                              order by r.part, r.run_id desc) p) s on true
 where w.book_id = $1
 order by w.feeder
