-- Codings whose numbers lie in a range, with their hashes.
-- in: int4, int8, int8
-- out: coding_id int4, entity_id int4, account_id int4, flow int2, kind int2, hash bytea, then 13 dimensions text
-- by: fisc_log_read_chunk, ledger/verify_rows.c
select coding_id, entity_id, account_id, flow, kind, hash, counterparty, function, gfs, section, programme, economic,
       fund, project, region, source_of_finance, cash_code, cash_counterparty, layer
  from ledger.coding
 where book_id = $1 and coding_id >= $2 and coding_id < $3
 order by coding_id
