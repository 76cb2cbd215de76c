-- The open items as they stand, up to the checkpoint.
-- in: int4
-- out: entity_id int4, item text, coding_id int4, year int4, side int2, amount int8, currency text, foreign_amount int8, hands int4[], opened_entry int8, opened_line int4
-- by: fisc_verifier_read_items, ledger/verify_item.c
select entity_id, item, coding_id, year, side, amount, currency, foreign_amount, hands, opened_entry, opened_line
  from ledger.open_item
 where book_id = $1
