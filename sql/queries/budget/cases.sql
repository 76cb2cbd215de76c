-- A case as it is now, and those whose parent it is.
-- in: int4, text
-- out: subject text, fields text[]
-- by: fisc_version_load, budget/part.c
select subject, fields
  from ledger.master
 where book_id = $1 and kind = 'case' and (subject = $2 or fields @> array['parent', $2])
