-- What was committed for a year before it began and has not become a commitment yet, in order of entity and item.
-- in: int4, int4, text (null: every entity)
-- out: entity text, item text, amount int8, currency text, foreign_amount int8, function text, gfs text, section text, programme text, economic text, fund text, project text, region text, source_of_finance text, layer text
-- by: fisc_flow_open_year, app/flows/open_year.c
select e.subject as entity, i.item, (-i.amount)::int8 as amount, i.currency, (-i.foreign_amount)::int8 as foreign_amount,
       c.function, c.gfs, c.section, c.programme, c.economic, c.fund, c.project, c.region, c.source_of_finance, c.layer
  from ledger.open_item_now i
  join ledger.coding c on c.book_id = i.book_id and c.coding_id = i.coding_id
  join ledger.master a on a.book_id = i.book_id and a.kind = 'account' and a.number = c.account_id and a.subject = 'B26'
  join ledger.master e on e.book_id = i.book_id and e.kind = 'entity' and e.number = i.entity_id
 where i.book_id = $1 and i.year = $2 and i.amount <> 0 and ($3::text is null or e.subject = $3)
 order by e.number, i.item, i.coding_id
