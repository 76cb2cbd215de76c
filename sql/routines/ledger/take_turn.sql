-- Waits until nobody else can append to a book, and keeps it so until the transaction ends. Who has met a
-- conflict takes a turn: what is read from here on is what the next batch is written on.
--
-- Every post_batch shares this lock. PostgreSQL serves requests for a lock in the order they come: whoever asks
-- to share it later waits behind this one, so a turn comes however fast another writer is. Advisory, with a class
-- of its own, because a book's row cannot do it: those who share a row's lock overtake who wants it alone.
create or replace function ledger.take_turn(p_book int, p_wait_seconds int, p_idle_seconds int) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  -- Who stops in a turn, or takes too long to decide, loses it with the connection; who waits does not wait forever.
  perform set_config('idle_in_transaction_session_timeout', p_idle_seconds || 's', true);
  perform set_config('lock_timeout', p_wait_seconds || 's', true);
  perform pg_advisory_xact_lock(826, p_book); -- 826: turns; post_batch has it, too
end $$;
revoke all on function ledger.take_turn from public;
grant execute on function ledger.take_turn to fisc_poster;
comment on function ledger.take_turn is 'Keeps all others from appending to a book until the transaction ends.';
