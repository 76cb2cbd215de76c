-- Entries whose numbers lie in a range, every column.
-- in: int4, int8, int8
-- out: entry_id int8, batch_no int8, item_id int8, entity_id int4, period int4, effective date, source_id int4, financial int2, coding int4[], amount int8[], maker int4, corrects int8, reverses bool, document text, transfer text, reference text, memo text, memo_salt bytea, memo_hash bytea, digest bytea, hash bytea, item text[], currency text, foreign_amount int8[], hands int4[]
-- by: fisc_log_read_chunk, ledger/verify_rows.c
select entry_id, batch_no, item_id, entity_id, period, effective, source_id, financial, coding, amount, maker, corrects,
       reverses, document, transfer, reference, memo, memo_salt, memo_hash, digest, hash, item, currency,
       foreign_amount, hands
  from ledger.entry
 where book_id = $1 and entry_id >= $2 and entry_id < $3
 order by entry_id
