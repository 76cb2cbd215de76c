-- The codings of some entities, by number.
-- in: int4, int4[]
-- out: coding_id int4, entity_id int4, account_id int4, flow int2, kind int2, then 13 dimensions text
-- by: load_codings, ledger/reader.c
select coding_id, entity_id, account_id, flow, kind, counterparty, function, gfs, section, programme, economic, fund,
       project, region, source_of_finance, cash_code, cash_counterparty, layer
  from ledger.coding
 where book_id = $1 and entity_id = any ($2)
