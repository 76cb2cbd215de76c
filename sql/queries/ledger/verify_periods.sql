-- The state of every period on record, and whether its partition of ledger.entry is there.
-- in: int4
-- out: period int4, state text, since int8, has_partition bool
-- by: fisc_verifier_compare_periods, ledger/verify_fold.c
select p.period, p.state, p.since,
       exists (select from pg_inherits i
                 join pg_class c on c.oid = i.inhrelid
                where i.inhparent = 'ledger.entry'::regclass
                  and pg_get_expr(c.relpartbound, c.oid) = format('FOR VALUES IN (%s)', p.period)) as has_partition
  from ledger.period p
 where p.book_id = $1
 order by p.period
