-- Lines of an entry, in words.
-- in: int4, int8
-- out: line_no int4, account text, name text, flow int2, kind int2, dims text[], amount int8, item text, foreign_amount int8
-- by: fisc_flow_entry_show, app/flows/browse_entry.c
select l.line_no, a.subject as account, jsonb_object(a.fields) ->> 'name' as name, c.flow, c.kind,
       array[c.counterparty, c.function, c.gfs, c.section, c.programme, c.economic, c.fund, c.project, c.region,
             c.source_of_finance, c.cash_code, c.cash_counterparty, c.layer] as dims, l.amount, nullif(l.item, '') as item,
       coalesce(l.foreign_amount, 0) as foreign_amount
  from (select generate_subscripts(coding, 1) as line_no, unnest(coding) as coding_id, unnest(amount) as amount,
               unnest(item) as item, unnest(foreign_amount) as foreign_amount
          from ledger.entry
         where book_id = $1 and entry_id = $2) l
  join ledger.coding c on c.book_id = $1 and c.coding_id = l.coding_id
  join ledger.master a on a.book_id = $1 and a.kind = 'account' and a.number = c.account_id
 order by l.line_no
