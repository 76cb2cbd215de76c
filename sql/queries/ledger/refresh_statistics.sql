-- Tells the planner what the tables hold now.
-- in: none
-- out: nothing (void)
-- by: fisc_flow_refresh_statistics, app/flows/load.c
select ledger.refresh_statistics()
