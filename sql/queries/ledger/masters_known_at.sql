-- The newest event of every subject of some kinds as known at a batch.
-- in: int4, int8, text[]
-- out: kind text, subject text, number int4, fields text[]
-- by: load_masters, ledger/reader.c
select kind, subject, number, fields
  from (select distinct on (kind, subject) kind, subject, number, fields
          from ledger.event
         where book_id = $1 and batch_no <= $2 and kind = any($3)
         order by kind, subject, item_id desc) newest
 order by kind <> 'entity', kind = 'budget_line', kind, number
