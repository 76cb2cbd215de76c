-- Lines of the entries from a number on.
-- in: int4, int8
-- out: period int4, coding int4[], amount int8[]
-- by: load_tail, ledger/restore.c
select period, coding, amount
  from ledger.entry
 where book_id = $1 and entry_id >= $2
 order by entry_id
