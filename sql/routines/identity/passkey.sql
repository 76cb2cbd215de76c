-- What devices are asked to sign, and how often they have signed.
create or replace function identity.open_challenge(
  p_book int, p_digest bytea, p_purpose text, p_person text, p_holder bytea, p_action bytea, p_address text, p_lasts_s int,
  p_address_max int) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.challenge where expires_at < now();
  delete from identity.challenge
   where digest in (select c.digest from identity.challenge c
                     where c.book_id = p_book and c.address = p_address
                     order by c.expires_at desc offset p_address_max - 1);
  insert into identity.challenge (digest, book_id, purpose, person, holder, action, address, expires_at)
    values (p_digest, p_book, p_purpose, p_person, p_holder, p_action, p_address, now() + make_interval(secs => p_lasts_s))
$$;
revoke all on function identity.open_challenge from public;
grant execute on function identity.open_challenge to fisc_poster;
comment on function identity.open_challenge is 'Asks a device to sign; of too many from one address the oldest are forgotten.';

create or replace function identity.spend_challenge(
  p_book int, p_digest bytea, p_purpose text, out person text, out holder bytea, out action bytea) returns setof record
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.challenge c
   where c.book_id = p_book and c.digest = p_digest and c.purpose = p_purpose and c.expires_at > now()
  returning c.person, c.holder, c.action
$$;
revoke all on function identity.spend_challenge from public;
grant execute on function identity.spend_challenge to fisc_poster;
comment on function identity.spend_challenge is 'Uses a challenge up, whatever was answered; no row when it is over, was used, or is for something else.';

create or replace function identity.use_counter(p_book int, p_person text, p_name text, p_counter bigint) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with used as (
    update identity.credential
       set last_step = p_counter
     where book_id = p_book and person = p_person and kind = 'passkey' and name = p_name
       and (last_step < p_counter or (p_counter = 0 and last_step <= 0))
    returning 1)
  select exists (select 1 from used)
$$;
revoke all on function identity.use_counter from public;
grant execute on function identity.use_counter to fisc_poster;
comment on function identity.use_counter is 'Notes how often a device has signed; false when it had signed as often before, so that there may be a copy.';
