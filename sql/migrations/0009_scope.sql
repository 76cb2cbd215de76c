-- Who may see what, kept by the database: a person of one entity finds no row of another's books, whatever
-- statement is sent. The wall is row-level security on every table with data of entities; what opens it is a
-- context that only who holds a key can prove (docs/decisions/0017-a-proven-context.md). Without a context
-- nothing is seen. Which row is whose, one function says: access.owner_of, below.

create schema access authorization fisc_owner;
comment on schema access is 'Who may see what, who has looked at it, and how much of it a person may take away.';
grant usage on schema access to fisc_poster, fisc_reader;

set local role fisc_owner;

-- 1. The key ------------------------------------------------------------------------------------------

create table access.scope_key (
  only_one  boolean  primary key default true check (only_one),
  key       bytea    not null check (octet_length(key) = 32),
  inner_pad bytea    not null check (octet_length(inner_pad) = 64),
  outer_pad bytea    not null check (octet_length(outer_pad) = 64),
  made_at   timestamptz not null default now()
);
comment on table access.scope_key is 'The key that contexts are proven with. Nobody may read it; two routines do.';
comment on column access.scope_key.only_one is 'There is one key.';
comment on column access.scope_key.key is '32 random bytes.';
comment on column access.scope_key.inner_pad is 'The key as HMAC (RFC 2104) hashes it first.';
comment on column access.scope_key.outer_pad is 'The key as HMAC hashes it last.';
comment on column access.scope_key.made_at is 'When it was made.';

do $$
declare
  -- Version 4 UUIDs come from the system''s random source: 122 bits each.
  v_key   bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  v_inner bytea := decode(repeat('36', 64), 'hex');
  v_outer bytea := decode(repeat('5c', 64), 'hex');
begin
  for i in 0 .. 31 loop
    v_inner := set_byte(v_inner, i, get_byte(v_inner, i) # get_byte(v_key, i));
    v_outer := set_byte(v_outer, i, get_byte(v_outer, i) # get_byte(v_key, i));
  end loop;
  insert into access.scope_key (key, inner_pad, outer_pad) values (v_key, v_inner, v_outer);
end $$;

create table access.analyst (
  role      text  primary key,
  entities  text[] not null
);
comment on table access.analyst is 'Roles of tools that sign in to the database themselves, and the entities each may see: docs/analysis.md.';
comment on column access.analyst.role is 'The role that signs in; a member of fisc_reader.';
comment on column access.analyst.entities is 'Codes of entities; * is the whole book.';

-- 2. Who has looked -----------------------------------------------------------------------------------

create table access.read (
  read_id     bigint generated always as identity primary key,
  at          timestamptz not null default clock_timestamp(),
  book_id     int    not null,
  person      text   not null,
  session     text,
  operation   text   not null,
  path        text   not null,
  entity      text,
  status      int    not null,
  row_count   bigint not null,
  bytes       bigint not null,
  request_id  text   not null
);
comment on table access.read is 'Reads of what is sensitive: names and rights of persons, exports, proofs, and books looked at by who sees the whole book. Insert-only.';
comment on column access.read.read_id is 'In the order they were answered.';
comment on column access.read.at is 'When it was answered.';
comment on column access.read.book_id is 'The book.';
comment on column access.read.person is 'Who asked.';
comment on column access.read.session is 'By which session or token.';
comment on column access.read.operation is 'What was asked: the operation of docs/openapi.yaml.';
comment on column access.read.path is 'Path and query as they were sent.';
comment on column access.read.entity is 'The unit that was asked about; null: none was named.';
comment on column access.read.status is 'HTTP status of the answer.';
comment on column access.read.row_count is 'Rows of the table in the answer; 0: no table.';
comment on column access.read.bytes is 'Length of the answer.';
comment on column access.read.request_id is 'As in the answer''s X-Request-Id and in the log.';
create index read_at on access.read (book_id, at);
comment on index access.read_at is 'Serves access.reads.';

create table access.quota (
  person         text   primary key,
  requests_hour  bigint not null check (requests_hour > 0),
  rows_hour      bigint not null check (rows_hour > 0),
  alarm_rows     bigint not null check (alarm_rows > 0)
);
comment on table access.quota is 'How much a person may ask and take away within an hour, on each server.';
comment on column access.quota.person is 'The person; * is whoever has no row of his own.';
comment on column access.quota.requests_hour is 'Requests in an hour; more are refused.';
comment on column access.quota.rows_hour is 'Rows of tables in an hour; more are refused.';
comment on column access.quota.alarm_rows is 'Rows in an hour that raise an alarm, and nothing else.';
insert into access.quota values ('*', 36000, 20000000, 5000000);

grant select on access.quota to fisc_poster;

-- 3. The walls ----------------------------------------------------------------------------------------
-- The policies' functions are routines, which come after the migrations: here stands an answer that shows nothing.

create function access.codes() returns text[] language sql stable parallel restricted as $$ select null::text[] $$;
create function access.sees_all() returns boolean language sql stable parallel restricted as $$ select false $$;
create function access.owner_of(kind text, subject text, fields text[]) returns text language sql immutable parallel safe as $$
  select '*'::text
$$;
create function access.may_see_content(digest bytea) returns boolean language sql stable parallel restricted as $$ select false $$;

drop policy entry_reader on ledger.entry;
create policy entry_reader on ledger.entry for select to fisc_reader
  using ((select access.sees_all()) or entity_id = any ((select ledger.visible())::int[]));
drop policy balance_reader on ledger.balance;
create policy balance_reader on ledger.balance for select to fisc_reader
  using ((select access.sees_all()) or entity_id = any ((select ledger.visible())::int[]));
drop policy open_item_reader on ledger.open_item;
create policy open_item_reader on ledger.open_item for select to fisc_reader
  using ((select access.sees_all()) or entity_id = any ((select ledger.visible())::int[]));

alter table ledger.coding enable row level security;
create policy coding_poster on ledger.coding for select to fisc_poster using (true);
create policy coding_reader on ledger.coding for select to fisc_reader
  using ((select access.sees_all()) or entity_id = any ((select ledger.visible())::int[]));

alter table ledger.refusal enable row level security;
create policy refusal_poster on ledger.refusal for select to fisc_poster using (true);
create policy refusal_reader on ledger.refusal for select to fisc_reader
  using ((select access.sees_all()) or entity_id = any ((select ledger.visible())::int[]));
grant select on ledger.refusal to fisc_reader;

-- A reference is whose entry it is.
alter table ledger.reference enable row level security;
create policy reference_poster on ledger.reference for select to fisc_poster using (true);
create policy reference_reader on ledger.reference for select to fisc_reader
  using ((select access.sees_all())
         or exists (select from ledger.entry e
                     where e.book_id = reference.book_id and e.entry_id = reference.entry_id and e.period = reference.period));
grant select on ledger.reference to fisc_reader;

alter table ledger.event enable row level security;
create policy event_poster on ledger.event for select to fisc_poster using (true);
create policy event_reader on ledger.event for select to fisc_reader
  using ((select access.sees_all()) or access.owner_of(kind, subject, fields) = any ((select access.codes())::text[]));

alter table ledger.master enable row level security;
create policy master_poster on ledger.master for select to fisc_poster using (true);
create policy master_reader on ledger.master for select to fisc_reader
  using ((select access.sees_all()) or access.owner_of(kind, subject, fields) = any ((select access.codes())::text[]));

-- What persons are called is for who sees the whole book.
alter table ledger.person_name enable row level security;
create policy person_name_poster on ledger.person_name for select to fisc_poster using (true);
create policy person_name_reader on ledger.person_name for select to fisc_reader using ((select access.sees_all()));
grant select on ledger.person_name to fisc_reader;

-- Texts of budgets are seen by who sees a case that names them; publications are public.
alter table budget.content enable row level security;
create policy content_poster on budget.content for select to fisc_poster using (true);
create policy content_reader on budget.content for select to fisc_reader
  using ((select access.sees_all()) or access.may_see_content(digest));
create index event_case_content on ledger.event (hashtextextended(fields[array_position(fields, 'content') + 1], 0))
  where kind = 'case';
comment on index ledger.event_case_content is 'Serves access.may_see_content. Of a hash, since a value that is no digest may be longer than an index takes.';

-- Whoever has signed in reads what was given to the public; without a context nobody reads anything.
alter table reporting.content enable row level security;
create policy content_poster on reporting.content for select to fisc_poster using (true);
create policy content_reader on reporting.content for select to fisc_reader using ((select access.codes()) is not null);

-- Batches tell how much was posted: their links are everybody's, their counts are not.
revoke select on ledger.batch from fisc_reader;
grant select (book_id, batch_no, prev_hash, root, hash, engine, posted_at) on ledger.batch to fisc_reader;
create index event_document_batch on ledger.event (book_id, batch_no) where kind = 'document';
comment on index ledger.event_document_batch is 'Serves ledger.documents_of_batch, which may not count the items of the batch.';

-- Reads are for auditors.
alter table access.read enable row level security;
create policy read_poster on access.read for select to fisc_poster using (true);
create policy read_reader on access.read for select to fisc_reader using ((select access.sees_all()));
grant select on access.read to fisc_poster, fisc_reader;
