-- Keeps texts under their digests.
-- in: text[]
-- out: kept int4
-- by: fisc_content_keep, budget/content.c
select budget.keep_content($1) as kept
