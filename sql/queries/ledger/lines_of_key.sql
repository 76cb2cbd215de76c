-- All lines of the entries that carry a key as reference, document or transfer.
-- in: int4, text
-- out: entry_id int8, line_no int4, coding_id int4, period int4, effective date, amount int8, reference text, document text, source text, memo text, item text, currency text, foreign_amount int8
-- by: fisc_posted_lines_trace, ledger/reader.c
select l.entry_id, l.line_no, l.coding_id, l.period, l.effective, l.amount, l.reference, l.document,
       s.subject as source, l.memo, nullif(l.item, '') as item, l.currency, coalesce(l.foreign_amount, 0) as foreign_amount
  from (select entry_id, generate_subscripts(coding, 1) as line_no, unnest(coding) as coding_id, period, effective,
               unnest(amount) as amount, reference, document, source_id, memo, unnest(item) as item,
               currency, unnest(foreign_amount) as foreign_amount
          from ledger.entry
         where book_id = $1 and (reference = $2 or document = $2 or transfer = $2)) l
  join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = l.source_id
 order by l.entry_id, l.line_no
