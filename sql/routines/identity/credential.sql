-- What a person is known by, written and taken away. Who may is decided by the engine, with the event in the chain.
create or replace function identity.is_on_record(p_book int, p_subject text, p_digest bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (
    select 1
      from ledger.master m
     where m.book_id = p_book and m.kind = 'credential' and m.subject = p_subject
       and m.fields[2] <> 'removed' and m.fields[4] = encode(p_digest, 'hex'))
$$;
revoke all on function identity.is_on_record from public;
grant execute on function identity.is_on_record to fisc_poster;
comment on function identity.is_on_record is 'Whether the newest event about a credential names this digest.';

create or replace function identity.keep_credential(
  p_book int, p_person text, p_kind text, p_name text, p_state text, p_secret bytea) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into identity.credential (book_id, person, kind, name, state, secret)
    values (p_book, p_person, p_kind, p_name, p_state, p_secret)
    on conflict (book_id, person, kind, name)
    do update set state = excluded.state, secret = excluded.secret, last_step = -1, made_at = now()
$$;
revoke all on function identity.keep_credential from public;
grant execute on function identity.keep_credential to fisc_poster;
comment on function identity.keep_credential is 'Writes what a person is known by, in place of what was there.';

create or replace function identity.drop_credential(p_book int, p_person text, p_kind text, p_name text) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with codes as (
    delete from identity.recovery
     where book_id = p_book and person = p_person and p_kind = 'totp' and p_name = ''),
  gone as (
    delete from identity.credential
     where book_id = p_book and person = p_person and kind = p_kind and name = p_name
    returning 1)
  select exists (select 1 from gone)
$$;
revoke all on function identity.drop_credential from public;
grant execute on function identity.drop_credential to fisc_poster;
comment on function identity.drop_credential is 'Takes a credential away, with the recovery codes that stand in for it; false when there was none.';

create or replace function identity.use_step(p_book int, p_person text, p_step bigint) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with used as (
    update identity.credential
       set last_step = p_step
     where book_id = p_book and person = p_person and kind = 'totp' and state = 'set' and last_step < p_step
    returning 1)
  select exists (select 1 from used)
$$;
revoke all on function identity.use_step from public;
grant execute on function identity.use_step to fisc_poster;
comment on function identity.use_step is 'Takes a time step for a code; false when it, or a later one, was taken before.';

create or replace function identity.keep_recovery(p_book int, p_person text, p_digests text[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.recovery where book_id = p_book and person = p_person;
  insert into identity.recovery (book_id, person, digest)
  select p_book, p_person, decode(d, 'hex') from unnest(p_digests) d
$$;
revoke all on function identity.keep_recovery from public;
grant execute on function identity.keep_recovery to fisc_poster;
comment on function identity.keep_recovery is 'Writes new recovery codes in place of the old ones; digests in hex.';

create or replace function identity.spend_recovery(p_book int, p_person text, p_digest bytea) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with spent as (
    delete from identity.recovery
     where book_id = p_book and person = p_person and digest = p_digest
    returning 1)
  select exists (select 1 from spent)
$$;
revoke all on function identity.spend_recovery from public;
grant execute on function identity.spend_recovery to fisc_poster;
comment on function identity.spend_recovery is 'Uses a recovery code up; false when there is no such code.';
