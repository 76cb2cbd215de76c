-- The book: its name, its newest batch, the years that have periods, its currencies, units and groups.
-- in: int4
-- out: name text, batch_no int8, hash bytea, posted_at text, years int4[], currencies text[], entities int8, groups int8
-- by: fisc_flow_book_show, app/flows/browse.c
select k.name, b.batch_no, b.hash, to_char(b.posted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as posted_at,
       array(select distinct period / 100 from ledger.period where book_id = $1 order by 1) as years,
       array(select distinct jsonb_object(fields) ->> 'currency'
               from ledger.master
              where book_id = $1 and kind = 'entity' and jsonb_object(fields) ->> 'currency' <> ''
              order by 1) as currencies,
       (select count(*) from ledger.master where book_id = $1 and kind = 'entity') as entities,
       (select count(*) from ledger.master where book_id = $1 and kind = 'group') as groups
  from ledger.book k
  join ledger.batch b on b.book_id = k.book_id
 where k.book_id = $1
 order by b.batch_no desc
 limit 1
