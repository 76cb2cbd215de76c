-- What comes from outside systems, and what became of it: kept verbatim, stage by stage. Which systems there are
-- (feeders) and what their codes mean (maps) are facts of the chain; what was posted is in the ledger, which is the
-- authority: these tables say where it came from. docs/integrations.md, docs/decisions/0022-intake.md.

create schema intake authorization fisc_owner;
comment on schema intake is 'Documents of outside systems as they were received, and the runs that brought them into the books.';
grant usage on schema intake to fisc_poster, fisc_reader;

set local role fisc_owner;

create table intake.body (
  book_id   int          not null,
  digest    bytea        not null check (octet_length(digest) = 32),
  bytes     bytea        not null,
  entities  text[]       not null,
  kept_at   timestamptz  not null default now(),
  primary key (book_id, digest),
  constraint body_is_whole check (sha256(bytes) = digest)
);
comment on table intake.body is 'What was received, byte for byte, and the maps it was read with; each once.';
comment on column intake.body.book_id is 'The book.';
comment on column intake.body.digest is 'SHA-256 of the bytes.';
comment on column intake.body.bytes is 'The bytes.';
comment on column intake.body.entities is 'Whose books it speaks of: the entities of the feeder that brought it first.';
comment on column intake.body.kept_at is 'When it was kept.';

create table intake.delivery (
  book_id      int          not null,
  delivery_id  bigint       generated always as identity,
  feeder         text         not null,
  document     text         not null,
  version      int          not null check (version > 0),
  digest       bytea        not null,
  entities     text[]       not null,
  origin       text         not null,
  tag          text         not null,
  declared     text         not null,
  status       text         not null check (status in ('provisional', 'certified')),
  signer       text         not null,
  byte_count   bigint       not null,
  received_at  timestamptz  not null default now(),
  times        int          not null default 1,
  last_at      timestamptz  not null default now(),
  primary key (book_id, delivery_id),
  unique (book_id, feeder, document, version),
  foreign key (book_id, digest) references intake.body
);
comment on table intake.delivery is 'A version of a document of a feeder. The same bytes again are the same version.';
comment on column intake.delivery.book_id is 'The book.';
comment on column intake.delivery.delivery_id is 'Number of the delivery.';
comment on column intake.delivery.feeder is 'The feeder.';
comment on column intake.delivery.document is 'What the source calls the document.';
comment on column intake.delivery.version is 'Counted by us from 1: the n-th content of the document.';
comment on column intake.delivery.digest is 'SHA-256 of the content: intake.body.';
comment on column intake.delivery.entities is 'The entities of the feeder.';
comment on column intake.delivery.origin is 'Where it was taken from.';
comment on column intake.delivery.tag is 'By which the source tells versions apart (ETag, time and size); empty: it does not.';
comment on column intake.delivery.declared is 'The version that the source itself names; empty: it names none.';
comment on column intake.delivery.status is 'provisional, or certified by a signer.';
comment on column intake.delivery.signer is 'Who certified it; empty: nobody.';
comment on column intake.delivery.byte_count is 'Length of the content.';
comment on column intake.delivery.received_at is 'When it came first.';
comment on column intake.delivery.times is 'How many times it came.';
comment on column intake.delivery.last_at is 'When it came last.';

create table intake.run (
  book_id      int          not null,
  run_id       bigint       generated always as identity,
  feeder         text         not null,
  part         text         not null,
  entities     text[]       not null,
  began_at     timestamptz  not null default now(),
  ended_at     timestamptz,
  outcome      text         not null check (outcome in ('running', 'posted', 'unchanged', 'quarantined', 'failed')),
  reason       text         not null default '',
  map          bytea,
  deliveries   bigint[]     not null default '{}',
  row_count    bigint       not null default 0,
  value        numeric(38)  not null default 0,
  mapped       numeric(38)  not null default 0,
  suspense     numeric(38)  not null default 0,
  posted       int          not null default 0,
  reversed     int          not null default 0,
  unchanged    int          not null default 0,
  batch_no     bigint,
  receipt      text,
  signature    bytea,
  primary key (book_id, run_id)
);
comment on table intake.run is 'An attempt to bring the documents of a feeder into the books.';
comment on column intake.run.book_id is 'The book.';
comment on column intake.run.run_id is 'Number of the run.';
comment on column intake.run.feeder is 'The feeder.';
comment on column intake.run.part is 'The document that was read alone; empty: all of the feeder together.';
comment on column intake.run.entities is 'The entities of the feeder.';
comment on column intake.run.began_at is 'When it began.';
comment on column intake.run.ended_at is 'When it ended; null: it runs, or was killed.';
comment on column intake.run.outcome is 'running, posted, unchanged (the books have it already), quarantined (refused as a whole), failed (an outage).';
comment on column intake.run.reason is 'Why it was quarantined or failed; else empty.';
comment on column intake.run.map is 'SHA-256 of the map it was read with: intake.body.';
comment on column intake.run.deliveries is 'What was read.';
comment on column intake.run.row_count is 'Rows taken.';
comment on column intake.run.value is 'Sum of the amounts posted or in place, without sign, in minor units.';
comment on column intake.run.mapped is 'Sum of the amounts of rows whose codes were looked up and may go to suspense, without sign.';
comment on column intake.run.suspense is 'Of those what stands in suspense, since no code is known.';
comment on column intake.run.posted is 'Entries posted.';
comment on column intake.run.reversed is 'Entries reversed.';
comment on column intake.run.unchanged is 'Entries that were in the books already.';
comment on column intake.run.batch_no is 'The batch of the chain; null: nothing was written.';
comment on column intake.run.receipt is 'What the source is told, as JSON.';
comment on column intake.run.signature is 'Ed25519 of the receipt; null: no key was given.';
create index run_feeder on intake.run (book_id, feeder, run_id);
comment on index intake.run_feeder is 'Serves intake.last_runs.';

create table intake.stage (
  book_id  int          not null,
  run_id   bigint       not null,
  stage    text         not null check (stage in ('received', 'parsed', 'mapped', 'validated', 'accepted', 'quarantined', 'posted', 'acknowledged')),
  at       timestamptz  not null default clock_timestamp(),
  detail   text         not null,
  primary key (book_id, run_id, stage),
  foreign key (book_id, run_id) references intake.run
);
comment on table intake.stage is 'How far a run came, and when.';
comment on column intake.stage.book_id is 'The book.';
comment on column intake.stage.run_id is 'The run.';
comment on column intake.stage.stage is 'received, parsed, mapped, validated, accepted or quarantined, posted, acknowledged.';
comment on column intake.stage.at is 'When it was reached.';
comment on column intake.stage.detail is 'In figures.';

create table intake.reject (
  book_id  int     not null,
  run_id   bigint  not null,
  ordinal  int     not null,
  file     text    not null,
  line     int     not null,
  field    text    not null,
  code     text    not null,
  detail   text    not null,
  primary key (book_id, run_id, ordinal),
  foreign key (book_id, run_id) references intake.run
);
comment on table intake.reject is 'Why a run was quarantined: each fault with its place.';
comment on column intake.reject.book_id is 'The book.';
comment on column intake.reject.run_id is 'The run.';
comment on column intake.reject.ordinal is 'In the order they were found.';
comment on column intake.reject.file is 'The document, profile or map.';
comment on column intake.reject.line is 'Line of the file; 0: the whole file.';
comment on column intake.reject.field is 'The field; empty: the whole row.';
comment on column intake.reject.code is 'The rule, as in docs/refusals.md.';
comment on column intake.reject.detail is 'In a sentence.';

create table intake.suspense (
  book_id    int          not null,
  run_id     bigint       not null,
  map        text         not null,
  code       text         not null,
  row_count  bigint       not null,
  value      numeric(38)  not null,
  primary key (book_id, run_id, map, code),
  foreign key (book_id, run_id) references intake.run
);
comment on table intake.suspense is 'Codes that no map knew in a run, with what stands in suspense for them.';
comment on column intake.suspense.book_id is 'The book.';
comment on column intake.suspense.run_id is 'The run.';
comment on column intake.suspense.map is 'The value of the profile that looked it up.';
comment on column intake.suspense.code is 'The code of the source.';
comment on column intake.suspense.row_count is 'Rows with it.';
comment on column intake.suspense.value is 'Their amounts, without sign, in minor units.';

create table intake.watch (
  book_id       int          not null,
  feeder          text         not null,
  entities      text[]       not null,
  cursor        text         not null default '',
  tried_at      timestamptz,
  succeeded_at  timestamptz,
  failures      int          not null default 0,
  next_at       timestamptz,
  note          text         not null default '',
  primary key (book_id, feeder)
);
comment on table intake.watch is 'How we stand with each feeder: when it was asked, whether it answered, when it is asked again.';
comment on column intake.watch.book_id is 'The book.';
comment on column intake.watch.feeder is 'The feeder.';
comment on column intake.watch.entities is 'The entities of the feeder.';
comment on column intake.watch.cursor is 'Up to where a source that is read from a point on was read; the next pull begins a little before.';
comment on column intake.watch.tried_at is 'When it was asked last.';
comment on column intake.watch.succeeded_at is 'When it answered last.';
comment on column intake.watch.failures is 'How many times it failed since.';
comment on column intake.watch.next_at is 'Not before then is it asked again, unless somebody says so; null: whenever.';
comment on column intake.watch.note is 'How it failed last.';

-- Who sees the books of all entities of a feeder sees the feeder.
do $$
declare
  v_table text;
begin
  foreach v_table in array array['body', 'delivery', 'run', 'watch'] loop
    execute format('alter table intake.%I enable row level security', v_table);
    execute format('create policy %I on intake.%I for select to fisc_poster using (true)', v_table || '_poster', v_table);
    execute format('create policy %I on intake.%I for select to fisc_reader using ((select access.sees_all()) or entities <@ (select access.codes()))',
                   v_table || '_reader', v_table);
  end loop;
  foreach v_table in array array['stage', 'reject', 'suspense'] loop
    execute format('alter table intake.%I enable row level security', v_table);
    execute format('create policy %I on intake.%I for select to fisc_poster using (true)', v_table || '_poster', v_table);
    execute format('create policy %I on intake.%I for select to fisc_reader using (exists (select 1 from intake.run r where r.book_id = %I.book_id and r.run_id = %I.run_id))',
                   v_table || '_reader', v_table, v_table, v_table);
  end loop;
end $$;
grant select on all tables in schema intake to fisc_poster, fisc_reader;
