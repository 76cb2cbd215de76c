-- All lines of the entry posted under a reference.
-- in: int4, text, text
-- out: entry_id int8, line_no int4, coding_id int4, period int4, effective date, amount int8, reference text, document text, source text, memo text, item text, currency text, foreign_amount int8
-- by: fisc_posted_lines_of, ledger/reader.c
select l.entry_id, l.line_no, l.coding_id, l.period, l.effective, l.amount, l.reference, l.document, l.source, l.memo,
       nullif(l.item, '') as item, l.currency, coalesce(l.foreign_amount, 0) as foreign_amount
  from (select e.entry_id, generate_subscripts(e.coding, 1) as line_no, unnest(e.coding) as coding_id, e.period, e.effective,
               unnest(e.amount) as amount, e.reference, e.document, s.subject as source, e.memo, unnest(e.item) as item,
               e.currency, unnest(e.foreign_amount) as foreign_amount
          from ledger.master s
          join ledger.reference r on r.book_id = $1 and r.source_id = s.number and r.reference = $3
          join ledger.entry e on e.book_id = $1 and e.entry_id = r.entry_id and e.period = r.period
         where s.book_id = $1 and s.kind = 'source' and s.subject = $2) l
 order by l.line_no
