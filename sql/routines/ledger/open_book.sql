-- Makes a book with its genesis batch: number 0, no items, hash zero. Nothing happens when it is there.
create or replace function ledger.open_book(p_book int, p_name text) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into ledger.book values (p_book, p_name) on conflict do nothing;
  insert into ledger.batch (book_id, batch_no, prev_hash, root, hash, first_item, item_count, first_entry, entry_count,
                            line_count, first_coding, coding_count, engine, posted_at)
    values (p_book, 0, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'),
            1, 0, 1, 0, 0, 1, 0, 0, timestamptz '2000-01-01 00:00:00+00')
    on conflict do nothing;
  insert into ledger.checkpoint values (p_book, 0, 0) on conflict do nothing;
$$;
revoke all on function ledger.open_book from public;
grant execute on function ledger.open_book to fisc_poster;
comment on function ledger.open_book is 'Makes a book with its genesis batch.';
