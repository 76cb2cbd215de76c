-- Whether a batch behind one that is known tells something new of persons and duties; and the newest batch.
-- in: int4, int8
-- out: batch_no int8, is_changed bool
-- by: fisc_flow_identity_news, app/flows/signin_find.c
select b.batch_no,
       exists (select 1 from ledger.event e
                where e.book_id = $1 and e.item_id >= (select k.first_item + k.item_count from ledger.batch k
                                                        where k.book_id = $1 and k.batch_no = $2)
                  and e.kind in ('person', 'duty', 'exclusion', 'conflict', 'approvals', 'policy', 'grant', 'delegation'))
         as is_changed
  from ledger.batch b
 where b.book_id = $1
 order by b.batch_no desc
 limit 1
