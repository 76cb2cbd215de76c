-- Entries, the newest first, before one; of an entity, of days, with an account, of a document. The amount is what it debits: of its financial lines, or when it has none of all.
-- in: int4, int8 (null: from the newest), text (null: any), date (null: any), date (null: any), text (null: any), text (null: any), int4
-- out: entry_id int8, reference text, source text, effective date, entity text, memo text, document text, batch_no int8, posted_at text, actor text, amount int8
-- by: fisc_flow_entry_list, app/flows/browse.c
select e.entry_id, e.reference, s.subject as source, e.effective, n.subject as entity, e.memo, e.document, e.batch_no,
       to_char(b.posted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as posted_at, p.subject as actor,
       (select coalesce(sum(x), 0)::int8
          from unnest(case when e.financial > 0 then e.amount[1:e.financial] else e.amount end) x
         where x > 0) as amount
  from (select *
          from ledger.entry
         where book_id = $1 and ($2::int8 is null or entry_id < $2)
           and ($3::text is null or entity_id = (select number
                                                   from ledger.master
                                                  where book_id = $1 and kind = 'entity' and subject = $3))
           and ($4::date is null or effective >= $4) and ($5::date is null or effective <= $5)
           and ($6::text is null
                or coding && array(select c.coding_id
                                     from ledger.coding c
                                    where c.book_id = $1
                                      and c.account_id = (select number
                                                            from ledger.master
                                                           where book_id = $1 and kind = 'account' and subject = $6)))
           and ($7::text is null or document = $7)
         order by entry_id desc
         limit $8) e
  join ledger.batch b on b.book_id = $1 and b.batch_no = e.batch_no
  left join ledger.master n on n.book_id = $1 and n.kind = 'entity' and n.number = e.entity_id
  left join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = e.source_id
  left join ledger.master p on p.book_id = $1 and p.kind = 'person' and p.number = e.maker
 order by e.entry_id desc
