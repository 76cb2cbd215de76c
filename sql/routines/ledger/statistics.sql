-- What the planner knows of the tables. It learns by itself within minutes; after much was posted at once, these
-- minutes are those in which everybody looks, and a statement planned for empty tables takes minutes itself.
create or replace function ledger.refresh_statistics() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  analyze ledger.entry, ledger.coding, ledger.balance, ledger.reference, ledger.event, ledger.master, ledger.batch, ledger.open_item;
end $$;
revoke all on function ledger.refresh_statistics from public;
grant execute on function ledger.refresh_statistics to fisc_poster;
comment on function ledger.refresh_statistics is 'Tells the planner what the tables hold now: after much was posted at once.';
