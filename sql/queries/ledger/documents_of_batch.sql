-- The steps of documents that came with a batch, in order.
-- in: int4, int8
-- out: subject text, fields text[]
-- by: fisc_documents_of_batch, ledger/document.c
select e.subject, e.fields
  from ledger.batch b
  join ledger.event e on e.book_id = b.book_id and e.item_id >= b.first_item and e.item_id < b.first_item + b.item_count
                     and e.kind = 'document'
 where b.book_id = $1 and b.batch_no = $2
 order by e.item_id
