-- What the intake writes down of its own work. The books themselves are posted by ledger.post_batch alone.
-- An older shape of a routine must not stay behind as a second door.
do $$
declare r regprocedure;
begin
  for r in select p.oid from pg_proc p
            where p.pronamespace = 'intake'::regnamespace and p.proname in ('begin_run', 'reach', 'end_run') loop
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
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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

create or replace function intake.reach(p_book int, p_run bigint, p_stages text[], p_details text[], p_ages_us bigint[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into intake.stage (book_id, run_id, stage, at, detail)
  select p_book, p_run, n.stage, clock_timestamp() - n.age_us * interval '1 microsecond', n.detail
    from unnest(p_stages, p_details, p_ages_us) as n(stage, detail, age_us)
  on conflict do nothing
$$;
revoke all on function intake.reach from public;
grant execute on function intake.reach to fisc_poster;
comment on function intake.reach is 'A run has reached stages, so many microseconds ago.';

create or replace function intake.begin_run(
  p_book int, p_feeder text, p_part text, p_entities text[], p_map bytea, p_deliveries bigint[], p_stages text[], p_details text[],
  p_ages_us bigint[])
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_run bigint;
begin
  insert into intake.run (book_id, feeder, part, entities, outcome, map, deliveries)
  values (p_book, p_feeder, p_part, p_entities, 'running', p_map, p_deliveries) returning run_id into v_run;
  perform intake.reach(p_book, v_run, p_stages, p_details, p_ages_us);
  return v_run;
end $$;
revoke all on function intake.begin_run from public;
grant execute on function intake.begin_run to fisc_poster;
comment on function intake.begin_run is 'Puts a run on record that begins now, with the stages it has reached.';

create or replace function intake.note_rejects(
  p_book int, p_run bigint, p_files text[], p_lines int[], p_fields text[], p_codes text[], p_details text[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into intake.reject (book_id, run_id, ordinal, file, line, field, code, detail)
  select p_book, p_run, n.ordinal, n.file, n.line, n.field, n.code, n.detail
    from unnest(p_files, p_lines, p_fields, p_codes, p_details) with ordinality as n(file, line, field, code, detail, ordinal)
$$;
revoke all on function intake.note_rejects from public;
grant execute on function intake.note_rejects to fisc_poster;
comment on function intake.note_rejects is 'Writes down why a run is quarantined.';

create or replace function intake.note_suspense(
  p_book int, p_run bigint, p_maps text[], p_codes text[], p_rows bigint[], p_values text[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into intake.suspense (book_id, run_id, map, code, row_count, value)
  select p_book, p_run, n.map, n.code, n.row_count, n.value::numeric
    from unnest(p_maps, p_codes, p_rows, p_values) as n(map, code, row_count, value)
$$;
revoke all on function intake.note_suspense from public;
grant execute on function intake.note_suspense to fisc_poster;
comment on function intake.note_suspense is 'Writes down which codes no map knew.';

create or replace function intake.end_run(
  p_book int, p_run bigint, p_outcome text, p_reason text, p_row_count bigint, p_value text, p_mapped text, p_suspense text, p_posted int,
  p_reversed int, p_unchanged int, p_batch bigint, p_receipt text, p_signature bytea, p_stages text[], p_details text[],
  p_ages_us bigint[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select intake.reach(p_book, p_run, p_stages, p_details, p_ages_us);
  update intake.run
     set ended_at = clock_timestamp(), outcome = p_outcome, reason = p_reason, row_count = p_row_count, value = p_value::numeric,
         mapped = p_mapped::numeric, suspense = p_suspense::numeric, posted = p_posted, reversed = p_reversed, unchanged = p_unchanged,
         batch_no = nullif(p_batch, 0), receipt = p_receipt, signature = p_signature
   where book_id = p_book and run_id = p_run and outcome = 'running'
$$;
revoke all on function intake.end_run from public;
grant execute on function intake.end_run to fisc_poster;
comment on function intake.end_run is 'Ends a run, once, with the last stages it reached.';

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
