-- The hash of a batch, from its link, root, place, counts, engine and time: docs/hashes.md. The engine computes the same.
create or replace function ledger.batch_hash(
  p_prev bytea, p_root bytea, p_book int, p_batch bigint, p_first_item bigint, p_items int, p_first_entry bigint,
  p_entries int, p_lines int, p_first_coding int, p_codings int, p_engine smallint, p_posted_at timestamptz)
returns bytea
language sql immutable parallel safe as $$
  -- Without a search path of its own, so that it is inlined.
  select pg_catalog.sha256(p_prev || p_root || int8send(p_book) || int8send(p_batch) || int8send(p_first_item) || int8send(p_items)
                || int8send(p_first_entry) || int8send(p_entries) || int8send(p_lines) || int8send(p_first_coding)
                || int8send(p_codings) || int8send(p_engine) || timestamptz_send(p_posted_at))
$$;
comment on function ledger.batch_hash is 'The hash of a batch: docs/hashes.md.';
