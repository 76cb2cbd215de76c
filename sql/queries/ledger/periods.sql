-- The state of every period.
-- in: int4
-- out: period int4, state text
-- by: fisc_periods_load, ledger/reader.c
select period, state from ledger.period where book_id = $1 order by period
