-- Appends one batch to a book: the only way anything enters a chain.
--
-- The order matters: the turn first (ledger.take_turn: who holds one keeps us waiting here, and what we look at is
-- what it left), the link next, then the place (a second writer waits there for the first and is
-- refused before it wrote anything), then all that must be judged with a snapshot taken after both.
-- Refusals by SQLSTATE (include/fisc/error.h): ZC001 another writer was first, ZC004 counts or hash are
-- not what the batch claims, ZL008 a period is not open. 23505 on reference_pkey: the reference was posted
-- before. 23514: the entry itself, by ledger.is_sound. Few statements, each over the whole batch: at small
-- batches what costs is their number. Their plans are made once: left alone, a plan for an array of two looks
-- cheaper than one for ten, and each batch would be planned anew.
-- An older shape of the routine must not stay behind as a second door.
do $$
declare r regprocedure;
begin
  for r in select p.oid from pg_proc p where p.pronamespace = 'ledger'::regnamespace and p.proname = 'post_batch' loop
    execute format('drop function %s', r);
  end loop;
end $$;

create function ledger.post_batch(
  p_book int, p_batch bigint, p_prev bytea, p_root bytea, p_hash bytea, p_engine smallint, p_posted_us bigint,
  p_items int, p_lines int,
  p_codings ledger.new_coding[], p_events ledger.happening[], p_refusals ledger.rejection[], p_entries ledger.posting[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_prev         ledger.batch;
  v_first_entry  bigint;
  v_first_item   bigint;
  v_first_coding int;
  v_entries      int := cardinality(p_entries);
  v_periods      int[];
  v_bad          int[];
  v_lines        bigint;
  v_event        ledger.happening;
  v_count        bigint;
  v_posted_at    timestamptz := timestamptz '2000-01-01 00:00:00+00' + p_posted_us * interval '1 microsecond';
begin
  perform pg_advisory_xact_lock_shared(826, p_book); -- 826: turns; see take_turn
  select * into v_prev from ledger.batch b where b.book_id = p_book and b.batch_no = p_batch - 1;
  if v_prev.hash is distinct from p_prev then
    raise exception 'batch % does not follow in book %', p_batch, p_book using errcode = 'ZC001',
      detail = case when v_prev.hash is null then 'The predecessor is missing.' else 'The predecessor has another hash.' end;
  end if;
  v_first_entry  := v_prev.first_entry + v_prev.entry_count;
  v_first_item   := v_prev.first_item + v_prev.item_count;
  v_first_coding := v_prev.first_coding + v_prev.coding_count;

  if p_items <> v_entries + cardinality(p_events) + cardinality(p_refusals) then
    raise exception 'batch % claims % items and carries others', p_batch, p_items using errcode = 'ZC004';
  end if;
  if p_hash is distinct from ledger.batch_hash(p_prev, p_root, p_book, p_batch, v_first_item, p_items, v_first_entry,
                                               v_entries, p_lines, v_first_coding, cardinality(p_codings), p_engine,
                                               v_posted_at) then
    raise exception 'batch % carries a hash that does not cover it', p_batch using errcode = 'ZC004';
  end if;

  insert into ledger.batch (book_id, batch_no, prev_hash, root, hash, first_item, item_count, first_entry, entry_count,
                            line_count, first_coding, coding_count, engine, posted_at)
    values (p_book, p_batch, p_prev, p_root, p_hash, v_first_item, p_items, v_first_entry, v_entries,
            p_lines, v_first_coding, cardinality(p_codings), p_engine, v_posted_at);

  if v_entries > 0 then
    select sum(cardinality(e.amount)), array_agg(distinct e.period) into v_lines, v_periods from unnest(p_entries) e;
    -- Not open before this batch; it may open them itself.
    select array_agg(used.period) into v_bad
      from unnest(v_periods) as used(period)
     where not exists (select from ledger.period p
                        where p.book_id = p_book and p.period = used.period and p.state = 'open');
  end if;
  if coalesce(v_lines, 0) <> p_lines then
    raise exception 'batch % claims % lines and carries %', p_batch, p_lines, v_lines using errcode = 'ZC004';
  end if;

  if cardinality(p_events) > 0 then
    insert into ledger.event (book_id, item_id, batch_no, kind, subject, number, fields, maker, hash)
      select p_book, v_first_item + item, p_batch, kind, subject, number, fields, maker, hash from unnest(p_events);
    insert into ledger.master (book_id, kind, subject, number, fields, item_id)
      select distinct on (kind, subject) p_book, kind, subject, number, fields, v_first_item + item
        from unnest(p_events) order by kind, subject, item desc
      on conflict (book_id, kind, subject) do update set fields = excluded.fields, item_id = excluded.item_id
        where master.number = excluded.number;
    -- Told by what the key let pass: before there are statistics a planner that looks each subject up would
    -- read all subjects of the kind, for each of thousands of parts of a budget.
    get diagnostics v_count = row_count;
    if v_count <> (select count(distinct (kind, subject, number)) from unnest(p_events)) then
      raise exception 'an event of batch % gives a subject another number', p_batch using errcode = 'ZC004';
    end if;
    for v_event in select * from unnest(p_events) e where e.kind = 'period' order by e.item loop
      v_bad := array(select unnest(v_bad) except
                     select unnest(ledger.set_period(p_book, p_batch, v_event.subject::int,
                                                     jsonb_object(v_event.fields) ->> 'state')));
    end loop;
  end if;
  if cardinality(v_bad) > 0 then
    raise exception 'periods % of book % are not open', v_bad, p_book using errcode = 'ZL008';
  end if;

  if cardinality(p_codings) > 0 then
    if exists (select from unnest(p_codings) with ordinality c(coding_id, entity_id, account_id, flow, kind, dims, hash, n)
                where coding_id <> v_first_coding + n - 1 or cardinality(dims) <> 13) then
      raise exception 'codings of batch % are not dense', p_batch using errcode = 'ZC004';
    end if;
    insert into ledger.coding
      select p_book, coding_id, entity_id, account_id, flow, kind, dims[1], dims[2], dims[3], dims[4], dims[5], dims[6], dims[7],
             dims[8], dims[9], dims[10], dims[11], dims[12], dims[13], hash
        from unnest(p_codings);
  end if;

  if cardinality(p_refusals) > 0 then
    insert into ledger.refusal (book_id, item_id, batch_no, source_id, reference, entity_id, period, code, control, key,
                                ceiling, consumed, requested, maker, digest, hash)
      select p_book, v_first_item + item, p_batch, source_id, reference, entity_id, period, code, control, key,
             ceiling, consumed, requested, maker, digest, hash
        from unnest(p_refusals);
  end if;

  if v_entries > 0 then
    with numbered as materialized (
      select v_first_entry + n - 1 as entry_id, e.*
        from unnest(p_entries) with ordinality
          as e(place, entity_id, period, effective, source_id, financial, coding, amount, maker, corrects, reverses,
               document, transfer, reference, memo, memo_salt, memo_hash, digest, hash, item, currency, foreign_amount,
               hands, n)
    ), posted as (
      insert into ledger.entry (book_id, entry_id, batch_no, item_id, entity_id, period, effective, source_id, financial,
                                coding, amount, maker, corrects, reverses, document, transfer, reference, memo,
                                memo_salt, memo_hash, digest, hash, item, currency, foreign_amount, hands)
        select p_book, entry_id, p_batch, v_first_item + place, entity_id, period, effective, source_id, financial,
               coding, amount, maker, corrects, reverses, document, transfer, reference, memo,
               memo_salt, memo_hash, digest, hash, item, currency, foreign_amount, hands
          from numbered
    )
    insert into ledger.reference (book_id, source_id, reference, entry_id, period, batch_no, digest)
      select p_book, source_id, reference, entry_id, period, p_batch, digest from numbered;
  end if;
end $$;
revoke all on function ledger.post_batch from public;
grant execute on function ledger.post_batch to fisc_poster;
comment on function ledger.post_batch is 'Appends one batch to a book. The only way anything enters a chain.';
