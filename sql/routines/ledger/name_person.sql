-- Writes down what a person is called, or erases it. Names are no part of the chain.
create or replace function ledger.name_person(p_book int, p_person text, p_name text, p_salt bytea) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into ledger.person_name (book_id, person, name, salt) values (p_book, p_person, p_name, p_salt)
    on conflict (book_id, person) do update set name = excluded.name, salt = excluded.salt
$$;
revoke all on function ledger.name_person from public;
grant execute on function ledger.name_person to fisc_poster;
comment on function ledger.name_person is 'Writes down what a person is called.';

create or replace function ledger.forget_person(p_book int, p_person text) returns int
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (delete from ledger.person_name where book_id = p_book and person = p_person returning 1)
  select count(*)::int from gone
$$;
revoke all on function ledger.forget_person from public;
grant execute on function ledger.forget_person to fisc_poster;
comment on function ledger.forget_person is 'Erases the name of a person; how many were erased.';
