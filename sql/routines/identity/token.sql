-- Tokens, made and taken back. Who may is decided by the engine, with the event in the chain.
create or replace function identity.keep_token(
  p_book int, p_person text, p_name text, p_digest bytea, p_entity text, p_uses text[], p_expires_at text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into identity.token (book_id, person, name, digest, entity, uses, expires_at)
    values (p_book, p_person, p_name, p_digest, p_entity, p_uses, p_expires_at::timestamptz)
    on conflict (book_id, person, name)
    do update set digest = excluded.digest, entity = excluded.entity, uses = excluded.uses, made_at = now(),
                  expires_at = excluded.expires_at, used_at = null, revoked_at = null
$$;
revoke all on function identity.keep_token from public;
grant execute on function identity.keep_token to fisc_poster;
comment on function identity.keep_token is 'Writes a token, in place of one of the same name.';

create or replace function identity.revoke_token(p_book int, p_person text, p_name text) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (
    update identity.token
       set revoked_at = now()
     where book_id = p_book and person = p_person and name = p_name and revoked_at is null
    returning 1)
  select exists (select 1 from gone)
$$;
revoke all on function identity.revoke_token from public;
grant execute on function identity.revoke_token to fisc_poster;
comment on function identity.revoke_token is 'Takes a token back; false when there is none to take back.';

create or replace function identity.touch_token(p_book int, p_digest bytea) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update identity.token set used_at = now() where book_id = p_book and digest = p_digest
$$;
revoke all on function identity.touch_token from public;
grant execute on function identity.touch_token to fisc_poster;
comment on function identity.touch_token is 'Notes that a token is in use.';
