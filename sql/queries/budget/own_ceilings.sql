-- The ceilings of a version that are of who asks, as a text.
-- in: int4, text
-- out: text text
-- by: read_own_ceilings, app/flows/plan_look.c
select budget.own_ceilings($1, $2) as text
