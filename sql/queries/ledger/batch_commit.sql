-- The transaction that committed a batch: a restore up to that batch ends with it.
-- in: int4, int8
-- out: commit text
-- by: find_commit, app/cli/command_restore.c
select xmin::text as commit from ledger.batch where book_id = $1 and batch_no = $2
