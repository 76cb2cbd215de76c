-- Folds what was posted since the last checkpoint into the balances and open items; returns the batch they are now good
-- for. It reads the log and not the engine's memory, and so checks it. Two at once queue on the row.
create or replace function ledger.advance_checkpoint(p_book int) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_entry bigint;
  v_batch bigint;
  v_last  bigint;
begin
  select c.upto_entry into v_entry from ledger.checkpoint c where c.book_id = p_book for update;
  select b.batch_no, b.first_entry + b.entry_count - 1 into v_batch, v_last
    from ledger.batch b where b.book_id = p_book order by b.batch_no desc limit 1;
  if v_last > v_entry then
    insert into ledger.balance as old (book_id, entity_id, period, coding_id, debit, credit)
      select p_book, entity_id, period, coding_id, sum(greatest(amount, 0)), sum(greatest(-amount, 0))
        from (select e.entity_id, e.period, unnest(e.coding) as coding_id, unnest(e.amount) as amount
                from ledger.entry e where e.book_id = p_book and e.entry_id > v_entry and e.entry_id <= v_last) lines
       group by 2, 3, 4 order by 2, 3, 4
      on conflict (book_id, entity_id, period, coding_id) do update
        set debit = old.debit + excluded.debit, credit = old.credit + excluded.credit;
    perform ledger.fold_open_items(p_book, v_entry, v_last);
  end if;
  update ledger.checkpoint set upto_batch = v_batch, upto_entry = v_last where book_id = p_book;
  return v_batch;
end $$;
revoke all on function ledger.advance_checkpoint from public;
grant execute on function ledger.advance_checkpoint to fisc_poster;
comment on function ledger.advance_checkpoint is 'Folds the log after the last checkpoint into balances and open items.';
