-- Financial lines of some entities in a range of periods as known at a batch, in chain order.
-- in: int4, int4, int4, int8, text[]
-- out: entry_id int8, line_no int4, batch_no int8, effective text, period int4, entity text, reference text, document text, account text, flow int2, kind int2, dims text[], amount int8, memo text
-- by: read_transactions, app/flows/bundle_gather.c
select l.entry_id, l.line_no, l.batch_no, to_char(l.effective, 'YYYY-MM-DD') as effective, l.period, u.subject as entity,
       l.reference, l.document, a.subject as account, c.flow, c.kind,
       array[c.counterparty, c.function, c.gfs, c.section, c.programme, c.economic, c.fund, c.project, c.region,
             c.source_of_finance, c.cash_code, c.cash_counterparty, c.layer] as dims, l.amount, l.memo
  from (select entry_id, generate_subscripts(coding, 1) as line_no, unnest(coding) as coding_id, batch_no, effective, period,
               entity_id, unnest(amount) as amount, reference, document, memo, financial
          from ledger.entry
         where book_id = $1 and period between $2 and $3 and batch_no <= $4) l
  join ledger.master u on u.book_id = $1 and u.kind = 'entity' and u.number = l.entity_id and u.subject = any ($5)
  join ledger.coding c on c.book_id = $1 and c.coding_id = l.coding_id
  join ledger.master a on a.book_id = $1 and a.kind = 'account' and a.number = c.account_id
 where l.line_no <= l.financial
 order by l.entry_id, l.line_no
