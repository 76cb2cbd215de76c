-- Deliveries that the newest run of their part has dealt with by a map: it posted them, found them in the books, or, where that counts, quarantined them.
-- in: int4, text, bytea, bool
-- out: delivery_id int8
-- by: fisc_intake_settled, app/flows/intake.c
select unnest(n.deliveries) as delivery_id
  from (select distinct on (r.part) r.part, r.deliveries, r.map, r.outcome
          from intake.run r
         where r.book_id = $1 and r.feeder = $2 and r.outcome in ('posted', 'unchanged', 'quarantined')
         order by r.part, r.run_id desc) n
 where n.map = $3 and (n.outcome <> 'quarantined' or $4)
