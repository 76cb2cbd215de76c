-- Lines of some entries, in words.
-- in: int4, int8[]
-- out: entry_id int8, account text, flow int2, kind int2, dims text[], amount int8, item text
-- by: load_lines, ledger/trace.c
select l.entry_id, a.subject as account, c.flow, c.kind,
       array[c.counterparty, c.function, c.gfs, c.section, c.programme, c.economic, c.fund, c.project, c.region,
             c.source_of_finance, c.cash_code, c.cash_counterparty, c.layer] as dims, l.amount, nullif(l.item, '') as item
  from (select entry_id, generate_subscripts(coding, 1) as line_no, unnest(coding) as coding_id, unnest(amount) as amount,
               unnest(item) as item
          from ledger.entry
         where book_id = $1 and entry_id = any ($2)) l
  join ledger.coding c on c.book_id = $1 and c.coding_id = l.coding_id
  join ledger.master a on a.book_id = $1 and a.kind = 'account' and a.number = c.account_id
 order by l.entry_id, l.line_no
