-- Batches from a number on, in order: the links of the chain as they stand.
-- in: int4, int8, int8
-- out: batch_no int8, prev_hash bytea, root bytea, hash bytea, first_item int8, item_count int4, first_entry int8, entry_count int4, line_count int4, first_coding int4, coding_count int4, engine int2, posted_at timestamptz
-- by: fisc_log_read_batches, ledger/verify_rows.c
select batch_no, prev_hash, root, hash, first_item, item_count, first_entry, entry_count, line_count, first_coding,
       coding_count, engine, posted_at
  from access.batches($1, $2, $3)
 order by batch_no
