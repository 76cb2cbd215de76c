-- The salt of the national identities of a book: the one it has, or the one given when it has none.
create or replace function ledger.identity_salt(p_book int, p_new bytea) returns bytea
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.identity_salt (book_id, salt) values (p_book, p_new) on conflict do nothing;
  return (select s.salt from ledger.identity_salt s where s.book_id = p_book);
end $$;
revoke all on function ledger.identity_salt from public;
grant execute on function ledger.identity_salt to fisc_poster;
comment on function ledger.identity_salt is 'The salt of the national identities of a book; made when first asked.';
