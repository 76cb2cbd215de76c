-- Lines and open items of the entries from a number on.
-- in: int4, int8
-- out: period int4, coding int4[], amount int8[], entity_id int4, financial int2, item text[], currency text, foreign_amount int8[], hands int4[]
-- by: load_tail, ledger/restore.c
select period, coding, amount, entity_id, financial, item, currency, foreign_amount, hands
  from ledger.entry
 where book_id = $1 and entry_id >= $2
 order by entry_id
