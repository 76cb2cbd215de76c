-- The newest event up to an item that speaks of a numbered subject.
-- in: int4, text, int4, int8
-- out: batch_no int8, item_id int8
-- by: want_event, ledger/proof_build.c
select batch_no, item_id
  from ledger.event
 where book_id = $1 and kind = $2 and number = $3 and item_id <= $4
 order by item_id desc
 limit 1
