-- The numbers of entities and accounts, by which codings name them.
-- in: int4
-- out: kind text, subject text, number int4
-- by: load_numbers, ledger/reader.c
select kind, subject, number
  from ledger.master
 where book_id = $1 and kind in ('entity', 'account')
