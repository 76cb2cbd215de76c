-- Changes the state of a period, as an event of a batch asks; makes its partition when it is new. Returns
-- the period when it is now open. Only post_batch calls it: nobody else may execute it.
create or replace function ledger.set_period(p_book int, p_batch bigint, p_period int, p_state text) returns int[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Locks entry for a moment, so a year's periods are opened before the year begins.
  if to_regclass(format('ledger.entry_%s', p_period)) is null then
    execute format('create table ledger.entry_%s partition of ledger.entry for values in (%s)', p_period, p_period);
  end if;
  insert into ledger.period as old (book_id, period, state, since) values (p_book, p_period, p_state, p_batch)
    on conflict (book_id, period) do update set state = excluded.state, since = excluded.since
    where old.state <> 'sealed';
  if not found then
    raise exception 'period % of book % is sealed', p_period, p_book using errcode = 'ZL009';
  end if;
  return case when p_state = 'open' then array[p_period] else '{}' end;
end $$;
revoke all on function ledger.set_period from public;
comment on function ledger.set_period is 'Changes the state of a period; post_batch calls it.';
