-- The newest master data that a nation is made of, in the order they were numbered.
-- in: int4, text[]
-- out: kind text, subject text, number int4, fields text[]
-- by: load_masters, ledger/reader.c
select kind, subject, number, fields
  from ledger.master
 where book_id = $1 and kind = any($2)
 order by kind <> 'entity', kind, number
