-- Open items as of the last checkpoint, in the order in which their codings were opened.
-- in: int4
-- out: entity_id int4, item text, side int2, coding_id int4, year int4, amount int8, currency text, foreign_amount int8, hands int4[]
-- by: load_items, ledger/restore.c
select entity_id, item, side, coding_id, year, amount, currency, foreign_amount, hands
  from ledger.open_item
 where book_id = $1
 order by opened_entry, opened_line
