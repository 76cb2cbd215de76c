-- Keeps texts under their digests; how many were new. A text says nothing until an event in the chain names
-- it, so whoever may post may keep one.
create or replace function budget.keep_content(p_bodies text[]) returns int
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with kept as (
    insert into budget.content (digest, body)
    select distinct sha256(convert_to(b, 'UTF8')), b
      from unnest(p_bodies) b
        on conflict (digest) do nothing
    returning 1)
  select count(*)::int from kept
$$;
revoke all on function budget.keep_content from public;
grant execute on function budget.keep_content to fisc_poster;
comment on function budget.keep_content is 'Keeps texts under their digests; how many were new.';
