-- The newest event of every subject, as the table of master data has it.
-- in: int4
-- out: kind text, subject text, number int4, fields text[], item_id int8
-- by: fisc_verifier_compare_masters, ledger/verify_fold.c
select kind, subject, number, fields, item_id from ledger.master where book_id = $1
