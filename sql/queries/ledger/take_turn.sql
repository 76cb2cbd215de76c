-- Keeps all others from appending to a book; at the beginning of a transaction that reads, decides and appends.
-- in: int4, int4, int4
-- out: nothing (void)
-- by: fisc_poster_take_turn, ledger/poster_turn.c
select ledger.take_turn($1, $2, $3)
