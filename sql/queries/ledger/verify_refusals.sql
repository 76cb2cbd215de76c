-- Refusals whose item numbers lie in a range, every column.
-- in: int4, int8, int8
-- out: item_id int8, batch_no int8, source_id int4, reference text, entity_id int4, period int4, code text[], control text[], key text[], ceiling int8[], consumed int8[], requested int8[], maker int4, digest bytea, hash bytea
-- by: fisc_log_read_chunk, ledger/verify_rows.c
select item_id, batch_no, source_id, reference, entity_id, period, code, control, key, ceiling, consumed, requested,
       maker, digest, hash
  from ledger.refusal
 where book_id = $1 and item_id >= $2 and item_id < $3
 order by item_id
