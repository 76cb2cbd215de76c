-- Financial lines that stand in an adjustment layer, in chain order, with who posted them, when, whether they reverse, and who approved their document.
-- in: int4, int4, int4, date (null: any), int8 (null: any)
-- out: entry_id int8, line_no int4, coding_id int4, period int4, effective date, amount int8, reference text, document text, source text, memo text, item text, currency text, foreign_amount int8, batch_no int8, posted_at text, maker text, reverses bool, approvers text
-- by: fisc_layer_lines_load, ledger/reader.c
select l.entry_id, l.line_no, l.coding_id, l.period, l.effective, l.amount, l.reference, l.document, s.subject as source,
       l.memo, null::text as item, null::text as currency, 0::int8 as foreign_amount, l.batch_no,
       to_char(b.posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as posted_at, p.subject as maker, l.reverses,
       -- The document it is named after, else the only one of its maker that was carried out with its batch.
       (select coalesce(max(d.approvers) filter (where d.subject = l.document),
                        case when count(distinct d.subject) = 1 then max(d.approvers) end)
          from (select e.subject, e.fields[array_position(e.fields, 'approved_by') + 1] as approvers
                  from ledger.event e
                 where e.book_id = $1 and e.kind = 'document' and e.batch_no = l.batch_no
                   and e.fields[array_position(e.fields, 'state') + 1] = 'done'
                   and e.fields[array_position(e.fields, 'maker') + 1] = p.subject
                   and 'approved_by' = any (e.fields)) d) as approvers
  from (select entry_id, generate_subscripts(coding, 1) as line_no, unnest(coding) as coding_id, period, effective,
               unnest(amount) as amount, reference, document, source_id, memo, batch_no, maker, reverses, financial
          from ledger.entry
         where book_id = $1 and period between $2 and $3
           and ($4::date is null or effective <= $4) and ($5::int8 is null or batch_no <= $5)
           and coding && array(select c.coding_id from ledger.coding c where c.book_id = $1 and c.layer <> '')) l
  join ledger.coding c on c.book_id = $1 and c.coding_id = l.coding_id and c.layer <> ''
  join ledger.batch b on b.book_id = $1 and b.batch_no = l.batch_no
  left join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = l.source_id
  left join ledger.master p on p.book_id = $1 and p.kind = 'person' and p.number = l.maker
 where l.line_no <= l.financial
 order by l.entry_id, l.line_no
