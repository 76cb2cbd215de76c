-- Sign-ins that were tried. An attempt is counted before it is judged, so that many at once are not free.
create or replace function identity.begin_attempt(
  p_book int, p_who bytea, p_address text, p_pair_max int, p_who_max int, p_address_max int,
  out attempt_id bigint, out wait_s int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_span constant interval := interval '15 minutes';
  v_oldest timestamptz;
begin
  perform pg_advisory_xact_lock(7221350, p_book);
  delete from identity.attempt a where a.at < now() - v_span;
  select max(b.at) into v_oldest
    from ((select a.at from identity.attempt a
            where a.book_id = p_book and a.who = p_who and a.address = p_address
            order by a.at desc offset p_pair_max - 1 limit 1)
          union all
          (select a.at from identity.attempt a
            where a.book_id = p_book and a.who = p_who
            order by a.at desc offset p_who_max - 1 limit 1)
          union all
          (select a.at from identity.attempt a
            where a.book_id = p_book and a.address = p_address
            order by a.at desc offset p_address_max - 1 limit 1)) b;
  if v_oldest is not null then
    wait_s := greatest(1, ceil(extract(epoch from v_oldest + v_span - now())))::int;
    return;
  end if;
  wait_s := 0;
  insert into identity.attempt (book_id, who, address) values (p_book, p_who, p_address)
    returning attempt.attempt_id into begin_attempt.attempt_id;
end $$;
revoke all on function identity.begin_attempt from public;
grant execute on function identity.begin_attempt to fisc_poster;
comment on function identity.begin_attempt is 'Counts an attempt as wrong until it is forgiven; or tells how many seconds to wait.';

create or replace function identity.forgive_attempts(p_book int, p_who bytea, p_address text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.attempt where book_id = p_book and who = p_who and address = p_address
$$;
revoke all on function identity.forgive_attempts from public;
grant execute on function identity.forgive_attempts to fisc_poster;
comment on function identity.forgive_attempts is 'Forgets the wrong attempts of who has signed in, from where he has.';

create or replace function identity.withdraw_attempt(p_book int, p_attempt bigint) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from identity.attempt where book_id = p_book and attempt_id = p_attempt
$$;
revoke all on function identity.withdraw_attempt from public;
grant execute on function identity.withdraw_attempt to fisc_poster;
comment on function identity.withdraw_attempt is 'Forgets one attempt, which was right.';

create or replace function identity.note_sign_in(p_book int, p_person text, p_what text, p_address text, p_request text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into identity.sign_in (book_id, person, what, address, request)
  select p_book, p_person, p_what, p_address, p_request
   where p_what <> 'too many'
      or not exists (select 1 from identity.sign_in s
                      where s.book_id = p_book and s.at > now() - interval '15 minutes'
                        and s.what = p_what and s.address = p_address)
$$;
revoke all on function identity.note_sign_in from public;
grant execute on function identity.note_sign_in to fisc_poster;
comment on function identity.note_sign_in is 'Writes down what happened at a sign-in; that there were too many, once in 15 minutes.';
