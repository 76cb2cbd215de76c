-- The steps of a document are asked for by its name, among all that ever happened beside the entries.

set local role fisc_owner;

create index event_document on ledger.event (book_id, subject, item_id) where kind = 'document';
comment on index ledger.event_document is 'Serves ledger.document_steps.';
