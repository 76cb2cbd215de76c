-- Sessions, half-done sign-ins, and acts that a second factor was shown for.
create or replace function identity.open_session(
  p_book int, p_person text, p_digest bytea, p_is_strong boolean, p_address text, p_lasts_s int) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.session where expires_at < now();
  delete from identity.ticket where expires_at < now();
  delete from identity.step_up where expires_at < now();
  delete from identity.sign_in where book_id = p_book and at < now() - interval '400 days';
  insert into identity.session (digest, book_id, person, expires_at, is_strong, address)
    values (p_digest, p_book, p_person, now() + make_interval(secs => p_lasts_s), p_is_strong, p_address)
$$;
revoke all on function identity.open_session from public;
grant execute on function identity.open_session to fisc_poster;
comment on function identity.open_session is 'Opens a session, and clears away what is over.';

create or replace function identity.turn_session(p_book int, p_old bytea, p_new bytea) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with turned as (
    update identity.session
       set digest = p_new, is_strong = true, used_at = now()
     where book_id = p_book and digest = p_old
    returning 1)
  select exists (select 1 from turned)
$$;
revoke all on function identity.turn_session from public;
grant execute on function identity.turn_session to fisc_poster;
comment on function identity.turn_session is 'Gives a session that has become strong another id; false when it is over.';

create or replace function identity.touch_session(p_book int, p_digest bytea) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update identity.session set used_at = now() where book_id = p_book and digest = p_digest
$$;
revoke all on function identity.touch_session from public;
grant execute on function identity.touch_session to fisc_poster;
comment on function identity.touch_session is 'Notes that a session is in use.';

create or replace function identity.end_sessions(p_book int, p_person text, p_beginning text, p_but text) returns int
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with tickets as (
    delete from identity.ticket where book_id = p_book and person = p_person and p_beginning is null),
  gone as (
    delete from identity.session
     where book_id = p_book and person = p_person
       and (p_beginning is null or starts_with(encode(digest, 'hex'), p_beginning))
       and (p_but is null or encode(digest, 'hex') <> p_but)
    returning 1)
  select count(*)::int from gone
$$;
revoke all on function identity.end_sessions from public;
grant execute on function identity.end_sessions to fisc_poster;
comment on function identity.end_sessions is 'Ends the sessions of a person whose digest begins so, or all, but one; how many were ended.';

create or replace function identity.open_ticket(
  p_book int, p_person text, p_digest bytea, p_needs text, p_is_strong boolean, p_address text, p_lasts_s int) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.ticket where expires_at < now();
  insert into identity.ticket (digest, book_id, person, needs, is_strong, address, expires_at)
    values (p_digest, p_book, p_person, p_needs, p_is_strong, p_address, now() + make_interval(secs => p_lasts_s))
$$;
revoke all on function identity.open_ticket from public;
grant execute on function identity.open_ticket to fisc_poster;
comment on function identity.open_ticket is 'Hands out a ticket for what is left of a sign-in.';

create or replace function identity.spend_ticket(p_book int, p_digest bytea) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with spent as (
    delete from identity.ticket where book_id = p_book and digest = p_digest and expires_at > now() returning 1)
  select exists (select 1 from spent)
$$;
revoke all on function identity.spend_ticket from public;
grant execute on function identity.spend_ticket to fisc_poster;
comment on function identity.spend_ticket is 'Uses a ticket up; false when it is over or was used.';

create or replace function identity.open_step_up(
  p_book int, p_person text, p_digest bytea, p_holder bytea, p_actions bytea, p_lasts_s int) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.step_up where expires_at < now();
  insert into identity.step_up (digest, book_id, person, holder, action, expires_at)
    select p_digest, p_book, p_person, p_holder, substring(p_actions from at for 32), now() + make_interval(secs => p_lasts_s)
      from generate_series(1, octet_length(p_actions), 32) at
$$;
revoke all on function identity.open_step_up from public;
grant execute on function identity.open_step_up to fisc_poster;
comment on function identity.open_step_up is 'Notes that a second factor was shown for acts: their digests of 32 bytes, one behind the other.';

create or replace function identity.spend_step_up(
  p_book int, p_person text, p_digest bytea, p_holder bytea, p_action bytea) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with spent as (
    delete from identity.step_up
     where book_id = p_book and person = p_person and digest = p_digest and holder = p_holder and action = p_action
       and expires_at > now()
    returning 1)
  select exists (select 1 from spent)
$$;
revoke all on function identity.spend_step_up from public;
grant execute on function identity.spend_step_up to fisc_poster;
comment on function identity.spend_step_up is 'Uses up what was shown for exactly this act, by this person, through this session or token.';
