-- Events whose item numbers lie in a range, every column.
-- in: int4, int8, int8
-- out: item_id int8, batch_no int8, kind text, subject text, number int4, fields text[], maker int4, hash bytea
-- by: fisc_log_read_chunk, ledger/verify_rows.c
select item_id, batch_no, kind, subject, number, fields, maker, hash
  from ledger.event
 where book_id = $1 and item_id >= $2 and item_id < $3
 order by item_id
