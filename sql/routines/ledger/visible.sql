-- Who a request may see is told in its first packet, which takes 10,000 bytes: the whole of a large nation fits
-- as a range.
create or replace function ledger.visible() returns int[] language sql stable parallel safe as $$
  select array_agg(number)
    from (select generate_series(split_part(word, '-', 1)::int,
                                 coalesce(nullif(split_part(word, '-', 2), ''), split_part(word, '-', 1))::int) as number
            from unnest(string_to_array(nullif(current_setting('fisc.entities', true), ''), ',')) word) numbers
$$;
comment on function ledger.visible() is 'Entities the present request may see: set local fisc.entities = ''101,102,200-250''. Unset shows nothing.';
