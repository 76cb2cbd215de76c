-- Appends one batch; a transaction of its own.
-- in: int4, int8, bytea, bytea, bytea, int2, int8, int4, int4, new_coding[], happening[], rejection[], posting[]
-- out: nothing (void)
-- by: fisc_batch_write, ledger/batch.c
select ledger.post_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
