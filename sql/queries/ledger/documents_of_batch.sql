-- The steps of documents that came with a batch, in order.
-- in: int4, int8
-- out: subject text, fields text[]
-- by: fisc_documents_of_batch, ledger/document.c
select e.subject, e.fields
  from ledger.event e
 where e.book_id = $1 and e.batch_no = $2 and e.kind = 'document'
 order by e.item_id
