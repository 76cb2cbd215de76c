-- Keeps published bytes under their digest; false when they were kept before. Bytes say nothing until a
-- publication in the chain names them, so whoever may post may keep some.
create or replace function reporting.keep_content(p_body bytea) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with kept as (
    insert into reporting.content (digest, body) values (sha256(p_body), p_body)
        on conflict (digest) do nothing
    returning 1)
  select exists (select 1 from kept)
$$;
revoke all on function reporting.keep_content from public;
grant execute on function reporting.keep_content to fisc_poster;
comment on function reporting.keep_content is 'Keeps published bytes under their digest; false when they were kept before.';
