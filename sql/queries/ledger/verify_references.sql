-- References without their entry and entries without their reference, or differing; joined on the number.
-- in: int4, int8, int8
-- out: entry_id int8, source_id int4, reference text, period int4, batch_no int8, digest bytea, on_record int8, r_source int4, r_reference text, r_period int4, r_batch int8, r_digest bytea
-- by: fisc_verifier_read_references, ledger/verify_fold.c
select e.entry_id, e.source_id, e.reference, e.period, e.batch_no, e.digest,
       r.entry_id as on_record, r.source_id as r_source, r.reference as r_reference, r.period as r_period,
       r.batch_no as r_batch, r.digest as r_digest
  from (select entry_id, source_id, reference, period, batch_no, digest
          from ledger.entry where book_id = $1 and entry_id >= $2) e
  full join (select entry_id, source_id, reference, period, batch_no, digest
               from ledger.reference where book_id = $1 and (entry_id >= $2 or batch_no >= $3)) r
    on r.entry_id = e.entry_id
 where (e.entry_id, e.source_id, e.reference, e.period, e.batch_no, e.digest)
       is distinct from (r.entry_id, r.source_id, r.reference, r.period, r.batch_no, r.digest)
