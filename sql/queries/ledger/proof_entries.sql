-- The batches of some entries.
-- in: int4, int8[]
-- out: entry_id int8, batch_no int8
-- by: want_entries, ledger/proof_build.c
select entry_id, batch_no from ledger.entry where book_id = $1 and entry_id = any($2)
