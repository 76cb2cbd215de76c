-- Tables name entities by number, contexts by code: docs/access.md. Asked once for each statement, as an
-- InitPlan of the policies.
create or replace function ledger.visible() returns int[]
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select array_agg(m.number)
    from ledger.master m
   where m.kind = 'entity'
     and ('*' = any (access.codes()) or m.subject = any (access.codes()))
$$;
revoke all on function ledger.visible from public;
grant execute on function ledger.visible to fisc_poster, fisc_reader;
comment on function ledger.visible() is 'Numbers of the entities that the present context may see; null without one.';
