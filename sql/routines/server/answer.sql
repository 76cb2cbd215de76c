-- Keeps answers under their keys; the first one of a key stands. What the chain decides anyway need not wait for the
-- disk: then a crash may lose the words of an answer, never what it told.
create or replace function server.keep_answers(p_book int, p_person text[], p_key text[], p_digest text[],
                                               p_status int[], p_head text[], p_body text[], p_durable boolean)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_kept bigint;
begin
  if not p_durable then
    perform set_config('synchronous_commit', 'off', true);
  end if;
  insert into server.answer (book_id, person, key, digest, status, head, body)
  select p_book, a.person, a.key, a.digest, a.status, a.head, a.body
    from unnest(p_person, p_key, p_digest, p_status, p_head, p_body)
      as a(person, key, digest, status, head, body)
      on conflict (book_id, person, key) do nothing;
  get diagnostics v_kept = row_count;
  return v_kept;
end
$$;
revoke all on function server.keep_answers from public;
grant execute on function server.keep_answers to fisc_poster;
comment on function server.keep_answers is 'Keeps answers under their keys; the first one of a key stands. Returns how many were new.';

-- Forgets what nobody may ask for any more.
create or replace function server.forget_answers() returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (delete from server.answer where kept_at < now() - interval '30 days' returning 1)
  select count(*) from gone
$$;
revoke all on function server.forget_answers from public;
grant execute on function server.forget_answers to fisc_poster;
comment on function server.forget_answers is 'Forgets answers that are older than thirty days. Returns how many.';
