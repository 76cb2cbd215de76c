-- What is on record now of some subjects of one kind.
-- in: int4, text, text[]
-- out: subject text, fields text[]
-- by: fisc_records_find, ledger/document.c
select subject, fields
  from ledger.master
 where book_id = $1 and kind = $2 and subject = any ($3)
 order by number
