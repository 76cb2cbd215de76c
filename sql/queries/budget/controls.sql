-- Controls as last defined.
-- in: int4
-- out: fields text[]
-- by: fisc_budget_view_load, budget/view.c
select fields from ledger.master where book_id = $1 and kind = 'control' order by number
