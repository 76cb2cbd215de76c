-- Sign-ins that have gone to the identity provider. Anybody may begin one, so those of one address are bounded.
create or replace function identity.open_provider_login(
  p_book int, p_digest bytea, p_browser bytea, p_page text, p_before bytea, p_address text, p_lasts_s int, p_address_max int)
returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.provider_login where expires_at < now();
  delete from identity.provider_login
   where digest in (select l.digest from identity.provider_login l
                     where l.book_id = p_book and l.address = p_address
                     order by l.expires_at desc offset p_address_max - 1);
  insert into identity.provider_login (digest, book_id, browser, page, before, address, expires_at)
    values (p_digest, p_book, p_browser, p_page, nullif(p_before, ''), p_address, now() + make_interval(secs => p_lasts_s))
$$;
revoke all on function identity.open_provider_login from public;
grant execute on function identity.open_provider_login to fisc_poster;
comment on function identity.open_provider_login is 'Notes a sign-in that goes to the provider; of one address the oldest give way.';

create or replace function identity.spend_provider_login(p_book int, p_digest bytea, p_browser bytea)
returns table (page text, before bytea)
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.provider_login l
   where l.book_id = p_book and l.digest = p_digest and l.browser = p_browser and l.expires_at > now()
  returning l.page, l.before
$$;
revoke all on function identity.spend_provider_login from public;
grant execute on function identity.spend_provider_login to fisc_poster;
comment on function identity.spend_provider_login is 'Takes a sign-in that came back, once, and to the browser only that began it.';

create or replace function identity.end_session(p_book int, p_digest bytea) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.session where book_id = p_book and digest = p_digest
$$;
revoke all on function identity.end_session from public;
grant execute on function identity.end_session to fisc_poster;
comment on function identity.end_session is 'Ends the session that another one replaces.';
