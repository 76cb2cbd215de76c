-- What is on record now of one kind, in the order it was numbered.
-- in: int4, text
-- out: subject text, fields text[]
-- by: fisc_records_load, ledger/document.c
select subject, fields
  from ledger.master
 where book_id = $1 and kind = $2
 order by number
