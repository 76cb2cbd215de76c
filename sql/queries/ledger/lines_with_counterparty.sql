-- Financial lines that name a counterparty, in chain order.
-- in: int4, int4, int4, date (null: any), int8 (null: any)
-- out: entry_id int8, line_no int4, coding_id int4, period int4, effective date, amount int8, reference text, document text, source text, memo text, item text, currency text, foreign_amount int8
-- by: fisc_posted_lines_load, ledger/reader.c
select l.entry_id, l.line_no, l.coding_id, l.period, l.effective, l.amount, l.reference, l.document,
       s.subject as source, l.memo, nullif(l.item, '') as item, l.currency, coalesce(l.foreign_amount, 0) as foreign_amount
  from (select entry_id, generate_subscripts(coding, 1) as line_no, unnest(coding) as coding_id, period, effective,
               unnest(amount) as amount, reference, document, source_id, memo, unnest(item) as item,
               currency, unnest(foreign_amount) as foreign_amount, financial
          from ledger.entry
         where book_id = $1 and period between $2 and $3
           and ($4::date is null or effective <= $4) and ($5::int8 is null or batch_no <= $5)) l
  join ledger.coding c on c.book_id = $1 and c.coding_id = l.coding_id and c.counterparty <> ''
  join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = l.source_id
 where l.line_no <= l.financial
 order by l.entry_id, l.line_no
