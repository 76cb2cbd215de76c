-- Who asks, and what he may see. A context is a list of entities' codes, or *, proven by an HMAC with the key of
-- access.scope_key. There are three ways to have one (docs/decisions/0017-a-proven-context.md):
--   a server begins each transaction with access.see(): good for that transaction only;
--   an operator's own session carries a pass (fisc sql), in the setting fisc.pass;
--   a tool signs in as a role that stands in access.analyst.
-- Settings themselves open nothing: anybody may set them.

create or replace function access.hmac(p_message text) returns text
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(p_message, 'UTF8'))), 'hex')
    from access.scope_key k
$$;
revoke all on function access.hmac from public;
comment on function access.hmac is 'HMAC-SHA-256 of a message with the key; only routines call it.';

create or replace function access.seal(p_entities text) returns text
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select access.hmac(concat_ws('|', 'transaction', pg_backend_pid(),
                               (extract(epoch from transaction_timestamp()) * 1000000)::bigint, p_entities))
$$;
revoke all on function access.seal from public;
comment on function access.seal is 'What makes a context one of this transaction and of no other; only routines call it.';

-- p_entities: codes, with the character 31 between them. p_expires: seconds since 1970. p_proof: the HMAC of
-- see|pid|expires|entities. A proof is for one backend and a minute; what it opens ends with the transaction.
create or replace function access.see(p_entities text, p_expires bigint, p_proof text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_proof is distinct from access.hmac(concat_ws('|', 'see', pg_backend_pid(), p_expires, p_entities))
     or p_expires < extract(epoch from clock_timestamp()) then
    raise exception 'the context is not proven' using errcode = '42501';
  end if;
  perform set_config('fisc.entities', p_entities, true);
  perform set_config('fisc.seal', access.seal(p_entities), true);
end $$;
revoke all on function access.see from public;
grant execute on function access.see to fisc_reader;
comment on function access.see is 'Opens what a person may see, until the transaction ends.';

create or replace function access.make_pass(p_entities text[], p_hours int) returns text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select concat_ws('|', access.hmac(concat_ws('|', 'pass', e.until, e.entities)), e.until, e.entities)
    from (select (extract(epoch from clock_timestamp()))::bigint + p_hours * 3600 as until,
                 array_to_string(p_entities, chr(31)) as entities) e
$$;
revoke all on function access.make_pass from public;
grant execute on function access.make_pass to fisc_poster;
comment on function access.make_pass is 'A pass for a session of one''s own, good for so many hours: the setting fisc.pass.';

create or replace function access.pass_codes(p_pass text) returns text[]
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select string_to_array(w.words[3], chr(31))
    from (select regexp_match(p_pass, '^([0-9a-f]{64})\|([0-9]{1,15})\|(.*)$', 's') as words) w
   where w.words[1] = access.hmac(concat_ws('|', 'pass', w.words[2], w.words[3]))
     and w.words[2]::bigint >= extract(epoch from clock_timestamp())
$$;
revoke all on function access.pass_codes from public;
comment on function access.pass_codes is 'What a pass opens; null when it is none. Only routines call it.';

-- The empty code is what belongs to nobody: whoever has a context sees it.
create or replace function access.codes() returns text[]
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_seal     text := nullif(current_setting('fisc.seal', true), '');
  v_entities text := coalesce(current_setting('fisc.entities', true), '');
  v_pass     text := nullif(current_setting('fisc.pass', true), '');
  v_codes    text[];
begin
  if v_seal is not null then
    if v_seal = access.seal(v_entities) then
      v_codes := string_to_array(v_entities, chr(31));
    end if;
  elsif v_pass is not null then
    v_codes := access.pass_codes(v_pass);
  else
    v_codes := (select a.entities from access.analyst a where a.role = session_user);
  end if;
  return case when v_codes is not null then v_codes || ''::text end; -- null || '' would be an array
end $$;
revoke all on function access.codes from public;
grant execute on function access.codes to fisc_poster, fisc_reader;
comment on function access.codes() is 'Codes of the entities that the present context may see, and the empty one; null without a context.';

create or replace function access.sees_all() returns boolean
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce('*' = any (access.codes()), false)
$$;
revoke all on function access.sees_all from public;
grant execute on function access.sees_all to fisc_poster, fisc_reader;
comment on function access.sees_all() is 'Whether the present context is the whole book.';

-- Whose an event or a record is: a code, '' for what is everybody's, * for what is the whole book's. What is not
-- named here is the whole book's, so that a new kind is hidden until somebody has thought about it. In C:
-- fisc_event_entity() (ledger/entry.c), which asks whose rights a change needs, and not who may see it.
create or replace function access.owner_of(kind text, subject text, fields text[]) returns text
language sql immutable parallel safe as $$
  select case
           when kind in ('account', 'allocation', 'approvals', 'calendar', 'carry_rule', 'complementary', 'conflict',
                         'control', 'cover', 'duty', 'entity', 'exclusion', 'group', 'growth', 'history', 'hold_rule', 'law', 'layout',
                         'linked_set', 'membership', 'period', 'person', 'policy', 'privacy', 'procedure', 'publication',
                         'publisher', 'question', 'rate', 'renumber', 'reserve_rule', 'segment', 'source', 'succession',
                         'tag', 'virement_rule') then ''
           when kind in ('budget_line', 'cut_line', 'document', 'due', 'hold')
             then coalesce(nullif(jsonb_object(fields) ->> 'entity', ''), '*')
           when kind in ('carry', 'carry_item', 'item', 'year_end')
             then case when subject like '%/%' then split_part(subject, '/', 1) else '*' end
           when kind = 'feeder' and jsonb_object(fields) ->> 'entities' not like '% %'
             then coalesce(nullif(jsonb_object(fields) ->> 'entities', ''), '*')
           when kind in ('memorandum', 'note')
             then coalesce(nullif(jsonb_object(fields) ->> 'unit', '*'), '')
           when kind = 'case'
             then case when subject like 'budget\_version/%' or subject like 'budget\_table/%/circular'
                         or subject like 'budget\_table/%/assumptions' then ''
                       else coalesce(nullif(jsonb_object(fields) ->> 'entity', ''), '*') end
           when kind = 'override' and jsonb_object(fields) ->> 'key' like 'entity=%'
             then split_part(substr(jsonb_object(fields) ->> 'key', 8), ' ', 1)
           else '*'
         end
$$;
revoke all on function access.owner_of from public;
grant execute on function access.owner_of to fisc_poster, fisc_reader;
comment on function access.owner_of is 'Whose a record of the chain is: a code of an entity, empty for everybody''s, * for the whole book''s.';

create or replace function access.may_see_content(digest bytea) returns boolean
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select
                   from ledger.event e
                  where e.kind = 'case'
                    and hashtextextended(e.fields[array_position(e.fields, 'content') + 1], 0)
                        = hashtextextended(encode(digest, 'hex'), 0)
                    and e.fields[array_position(e.fields, 'content') + 1] = encode(digest, 'hex')
                    and access.owner_of(e.kind, e.subject, e.fields) = any (access.codes()))
$$;
revoke all on function access.may_see_content from public;
grant execute on function access.may_see_content to fisc_reader;
comment on function access.may_see_content is 'Whether a case that the present context may see names a text of a budget.';

-- A batch with its counts, which tell how much others have posted: for who writes, and for who sees the whole
-- book. The role that asks is the one that was taken, or the one that signed in: inside, current_user is the owner.
create or replace function access.sees_counts() returns boolean
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select access.sees_all()
         or pg_has_role(coalesce(nullif(current_setting('role'), 'none'), session_user), 'fisc_poster', 'usage')
$$;
revoke all on function access.sees_counts from public;
grant execute on function access.sees_counts to fisc_poster, fisc_reader;
comment on function access.sees_counts() is 'Whether who asks may know how much a batch holds.';

create or replace function access.batches(p_book int, p_from bigint, p_limit bigint) returns setof ledger.batch
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select b.*
    from ledger.batch b
   where b.book_id = p_book and b.batch_no >= p_from and (select access.sees_counts())
   order by b.batch_no
   limit p_limit
$$;
revoke all on function access.batches from public;
grant execute on function access.batches to fisc_poster, fisc_reader;
comment on function access.batches is 'Batches from a number on, with their counts; none for who may not know them.';

create or replace function access.scope_key() returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.key from access.scope_key k
$$;
revoke all on function access.scope_key from public;
grant execute on function access.scope_key to fisc_poster;
comment on function access.scope_key is 'The key that contexts are proven with: for the server, which asks as the poster.';

create or replace function access.log_read(p_book int, p_person text, p_session text, p_operation text, p_path text,
                                           p_entity text, p_status int, p_rows bigint, p_bytes bigint, p_request text)
returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into access.read (book_id, person, session, operation, path, entity, status, row_count, bytes, request_id)
    values (p_book, p_person, p_session, p_operation, left(p_path, 2000), p_entity, p_status, p_rows, p_bytes, p_request)
$$;
revoke all on function access.log_read from public;
grant execute on function access.log_read to fisc_poster;
comment on function access.log_read is 'Writes down that somebody has read what is sensitive.';
