-- The steps of cases, in the order of the chain.
-- in: int4, text[]
-- out: batch_no int8, posted_at text, person text, subject text, fields text[]
-- by: fisc_case_steps_load, budget/part_step.c
select e.batch_no, to_char(b.posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as posted_at,
       (select p.subject
          from ledger.master p
         where p.book_id = $1 and p.kind = 'person' and p.number = e.maker) as person,
       e.subject, e.fields
  from ledger.event e
  join ledger.batch b on b.book_id = e.book_id and b.batch_no = e.batch_no
 where e.book_id = $1 and e.kind = 'case' and e.subject = any ($2)
 order by e.item_id
