-- What the intake writes down of its own work. The books themselves are posted by ledger.post_batch alone.
-- An older shape of a routine must not stay behind as a second door.
do $$
declare r regprocedure;
begin
  for r in select p.oid from pg_proc p
            where p.pronamespace = 'intake'::regnamespace and p.proname in ('begin_run', 'begin_runs', 'receive_all', 'reach', 'end_run', 'end_runs', 'note_rejects', 'note_suspense') loop
    execute format('drop function %s', r);
  end loop;
end $$;

create or replace function intake.keep_body(p_book int, p_digest bytea, p_bytes bytea, p_entities text[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into intake.body (book_id, digest, bytes, entities) values (p_book, p_digest, p_bytes, p_entities)
  on conflict do nothing
$$;
revoke all on function intake.keep_body from public;
grant execute on function intake.keep_body to fisc_poster;
comment on function intake.keep_body is 'Keeps bytes under their SHA-256, once.';

-- The newest version of a document is the one that counts. The same bytes again are the same version; a version that
-- the source names itself has one content for ever.
create or replace function intake.receive(
  p_book int, p_feeder text, p_document text, p_digest bytea, p_bytes bytea, p_entities text[], p_origin text, p_tag text,
  p_declared text, p_status text, p_signer text,
  out delivery_id bigint, out version int, out is_new boolean, out is_conflict boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  v_last intake.delivery;
begin
  perform pg_advisory_xact_lock(7221351, hashtext(p_feeder));
  perform intake.keep_body(p_book, p_digest, p_bytes, p_entities);
  select d.* into v_last from intake.delivery d
   where d.book_id = p_book and d.feeder = p_feeder and d.document = p_document
   order by d.version desc limit 1;
  is_conflict := p_declared <> '' and exists (
    select 1 from intake.delivery d
     where d.book_id = p_book and d.feeder = p_feeder and d.document = p_document and d.declared = p_declared
       and d.digest <> p_digest);
  -- Said again, perhaps by somebody who kept it: it does not come back over what was said since.
  is_new := not is_conflict and not (p_declared <> '' and exists (
    select 1 from intake.delivery d
     where d.book_id = p_book and d.feeder = p_feeder and d.document = p_document and d.declared = p_declared
       and (d.status = p_status or d.status = 'certified')))
    and (v_last.digest is null or v_last.digest <> p_digest or v_last.status <> p_status);
  if is_conflict then
    version := v_last.version;
  elsif is_new then
    version := coalesce(v_last.version, 0) + 1;
    insert into intake.delivery (book_id, feeder, document, version, digest, entities, origin, tag, declared, status, signer, byte_count)
    values (p_book, p_feeder, p_document, version, p_digest, p_entities, p_origin, p_tag, p_declared, p_status, p_signer, octet_length(p_bytes))
    returning delivery.delivery_id into receive.delivery_id;
  else
    version := v_last.version;
    delivery_id := v_last.delivery_id;
    update intake.delivery d set times = d.times + 1, last_at = now(), tag = p_tag
     where d.book_id = p_book and d.delivery_id = v_last.delivery_id;
  end if;
end $$;
revoke all on function intake.receive from public;
grant execute on function intake.receive to fisc_poster;
comment on function intake.receive is 'Keeps a document as it came. is_conflict: the source gave other bytes under a version it had named before; nothing but the bytes is kept then.';

-- Several documents of a feeder, one after the other as if each came alone. Their bytes and their SHA-256 stand end to end.
create or replace function intake.receive_all(
  p_book int, p_feeder text, p_entities text[], p_origin text, p_documents text[], p_digests bytea, p_bytes bytea, p_lengths bigint[],
  p_tags text[], p_declared text[], p_statuses text[], p_signers text[])
returns table (is_new boolean, is_conflict boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_from int := 1;
  v_received record;
begin
  for i in 1 .. cardinality(p_documents) loop
    v_received := intake.receive(
      p_book, p_feeder, p_documents[i], substr(p_digests, 32 * i - 31, 32), substr(p_bytes, v_from, p_lengths[i]::int), p_entities,
      p_origin, p_tags[i], p_declared[i], p_statuses[i], p_signers[i]);
    v_from := v_from + p_lengths[i]::int;
    is_new := v_received.is_new;
    is_conflict := v_received.is_conflict;
    return next;
  end loop;
end $$;
revoke all on function intake.receive_all from public;
grant execute on function intake.receive_all to fisc_poster;
comment on function intake.receive_all is 'Keeps documents of a feeder as they came, in their order.';

-- Foreign keys and look-ups here go by an index: a plan that was made while a table had a page would read all of it for
-- each row, as long as the connection lives.
-- p_places: which of p_runs a stage is of, from 1.
create or replace function intake.reach(
  p_book int, p_runs bigint[], p_places int[], p_stages text[], p_details text[], p_ages_us bigint[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
  insert into intake.stage (book_id, run_id, stage, at, detail)
  select p_book, r.run_id, n.stage, clock_timestamp() - n.age_us * interval '1 microsecond', n.detail
    from unnest(p_places, p_stages, p_details, p_ages_us) as n(place, stage, detail, age_us)
    join intake.run r on r.book_id = p_book and r.run_id = p_runs[n.place]
  on conflict do nothing
$$;
revoke all on function intake.reach from public;
grant execute on function intake.reach to fisc_poster;
comment on function intake.reach is 'Runs that are on record have reached stages, so many microseconds ago.';

create or replace function intake.begin_runs(
  p_book int, p_feeder text, p_entities text[], p_map bytea, p_parts text[], p_delivery_places int[], p_deliveries bigint[],
  p_places int[], p_stages text[], p_details text[], p_ages_us bigint[])
returns bigint[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_runs bigint[];
begin
  with begun as (
    insert into intake.run (book_id, feeder, part, entities, outcome, map, deliveries)
    select p_book, p_feeder, n.part, p_entities, 'running', p_map,
           array(select d.delivery from unnest(p_delivery_places, p_deliveries) with ordinality as d(place, delivery, ordinal)
                  where d.place = n.place order by d.ordinal)
      from unnest(p_parts) with ordinality as n(part, place)
     order by n.place
    returning run_id)
  select array_agg(b.run_id order by b.run_id) into v_runs from begun b;
  perform intake.reach(p_book, v_runs, p_places, p_stages, p_details, p_ages_us);
  return v_runs;
end $$;
revoke all on function intake.begin_runs from public;
grant execute on function intake.begin_runs to fisc_poster;
comment on function intake.begin_runs is 'Puts runs on record that begin now, with the stages they have reached; their numbers in the order of the parts.';

create or replace function intake.note_rejects(
  p_book int, p_runs bigint[], p_ordinals int[], p_files text[], p_lines int[], p_fields text[], p_codes text[], p_details text[])
returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into intake.reject (book_id, run_id, ordinal, file, line, field, code, detail)
  select p_book, n.run_id, n.ordinal, n.file, n.line, n.field, n.code, n.detail
    from unnest(p_runs, p_ordinals, p_files, p_lines, p_fields, p_codes, p_details) as n(run_id, ordinal, file, line, field, code, detail)
$$;
revoke all on function intake.note_rejects from public;
grant execute on function intake.note_rejects to fisc_poster;
comment on function intake.note_rejects is 'Writes down why runs are quarantined.';

create or replace function intake.note_suspense(
  p_book int, p_runs bigint[], p_maps text[], p_codes text[], p_rows bigint[], p_values text[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into intake.suspense (book_id, run_id, map, code, row_count, value)
  select p_book, n.run_id, n.map, n.code, n.row_count, n.value::numeric
    from unnest(p_runs, p_maps, p_codes, p_rows, p_values) as n(run_id, map, code, row_count, value)
$$;
revoke all on function intake.note_suspense from public;
grant execute on function intake.note_suspense to fisc_poster;
comment on function intake.note_suspense is 'Writes down which codes no map knew.';

create or replace function intake.end_runs(
  p_book int, p_runs bigint[], p_outcomes text[], p_reasons text[], p_row_counts bigint[], p_values text[], p_mapped text[],
  p_suspense text[], p_posted int[], p_reversed int[], p_unchanged int[], p_batches bigint[], p_receipts text[], p_signatures text[],
  p_places int[], p_stages text[], p_details text[], p_ages_us bigint[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
  select intake.reach(p_book, p_runs, p_places, p_stages, p_details, p_ages_us);
  update intake.run r
     set ended_at = clock_timestamp(), outcome = n.outcome, reason = n.reason, row_count = n.row_count, value = n.value::numeric,
         mapped = n.mapped::numeric, suspense = n.suspense::numeric, posted = n.posted, reversed = n.reversed, unchanged = n.unchanged,
         batch_no = nullif(n.batch_no, 0), receipt = nullif(n.receipt, ''), signature = decode(nullif(n.signature, ''), 'hex')
    from unnest(p_runs, p_outcomes, p_reasons, p_row_counts, p_values, p_mapped, p_suspense, p_posted, p_reversed, p_unchanged,
                p_batches, p_receipts, p_signatures)
      as n(run_id, outcome, reason, row_count, value, mapped, suspense, posted, reversed, unchanged, batch_no, receipt, signature)
   where r.book_id = p_book and r.run_id = n.run_id and r.outcome = 'running'
$$;
revoke all on function intake.end_runs from public;
grant execute on function intake.end_runs to fisc_poster;
comment on function intake.end_runs is 'Ends runs, each once, with the last stages they reached. An empty receipt or signature (hexadecimal) is none.';

create or replace function intake.name_documents(p_book int, p_runs bigint[], p_documents text[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
  update intake.run r set document = n.document
    from unnest(p_runs, p_documents) as n(run_id, document)
   where r.book_id = p_book and r.run_id = n.run_id and r.outcome = 'running'
$$;
revoke all on function intake.name_documents from public;
grant execute on function intake.name_documents to fisc_poster;
comment on function intake.name_documents is 'The documents that are about to be proposed for runs.';

-- Said again, it changes nothing but what was missing: that it was acknowledged.
create or replace function intake.close_staged(
  p_book int, p_feeder text, p_document text, p_outcome text, p_reason text, p_batch bigint, p_receipt text, p_signature text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  v_run bigint;
  v_detail text;
begin
  update intake.run r
     set ended_at = clock_timestamp(), outcome = p_outcome, reason = p_reason, batch_no = nullif(p_batch, 0),
         receipt = nullif(p_receipt, ''), signature = decode(nullif(p_signature, ''), 'hex')
   where r.book_id = p_book and r.feeder = p_feeder and r.document = p_document and p_document <> ''
     and (r.outcome in ('running', 'staged') or (r.outcome = 'posted' and p_outcome = 'posted' and r.receipt is null))
  returning r.run_id, case when p_outcome = 'posted' then format('%s posted, %s reversed, %s as they were', r.posted, r.reversed, r.unchanged)
                           else p_reason end into v_run, v_detail;
  if v_run is not null then
    perform intake.reach(p_book, array[v_run], array[1], array[p_outcome], array[v_detail], array[0::bigint])
      where p_outcome in ('posted', 'quarantined', 'superseded');
    perform intake.reach(p_book, array[v_run], array[1], array['acknowledged'],
                         array[case when p_signature <> '' then 'signed' else 'not signed: there is no key' end], array[0::bigint])
      where p_receipt <> '';
  end if;
end $$;
revoke all on function intake.close_staged from public;
grant execute on function intake.close_staged to fisc_poster;
comment on function intake.close_staged is 'Writes down what became of a document that was staged for a run.';

create or replace function intake.note_try(
  p_book int, p_feeder text, p_entities text[], p_cursor text, p_succeeded boolean, p_note text, p_wait_s bigint) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into intake.watch as w (book_id, feeder, entities, cursor, tried_at, succeeded_at, failures, next_at, note)
  values (p_book, p_feeder, p_entities, coalesce(p_cursor, ''), now(), case when p_succeeded then now() end,
          case when p_succeeded then 0 else 1 end, now() + p_wait_s * interval '1 second', p_note)
  on conflict (book_id, feeder) do update
     set entities = p_entities, cursor = coalesce(p_cursor, w.cursor), tried_at = now(), note = p_note,
         succeeded_at = case when p_succeeded then now() else w.succeeded_at end,
         failures = case when p_succeeded then 0 else w.failures + 1 end, next_at = excluded.next_at
$$;
revoke all on function intake.note_try from public;
grant execute on function intake.note_try to fisc_poster;
comment on function intake.note_try is 'Writes down how a feeder answered, and when it is asked again.';
