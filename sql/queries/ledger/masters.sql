-- The newest event of every subject after an item, in the order they were numbered.
-- in: int4, int8
-- out: kind text, subject text, number int4, fields text[]
-- by: load_masters, ledger/restore.c
select kind, subject, number, fields
  from ledger.master
 where book_id = $1 and item_id >= $2
 order by kind <> 'entity', kind = 'budget_line', kind, number
