-- The ledger: a chain of batches of items per book, and the caches folded from it.
--
-- Truth is ledger.batch with the items that carry its number: entry, event, refusal (and the codings
-- they intern). Everything else here is a fold of them. book_id leads every key of the big tables, which
-- have no foreign keys, triggers or sequences: the same tables distribute by book, and one call appends.
-- The application's roles have SELECT and EXECUTE, nothing more: see sql/routines/ledger.

do $$
declare r text;
begin
  foreach r in array array['fisc_owner', 'fisc_poster', 'fisc_reader'] loop
    if not exists (select from pg_roles where rolname = r) then
      execute format('create role %I nologin', r);
    end if;
  end loop;
end $$;

grant usage on schema core to fisc_poster, fisc_reader;
grant select on core.applied to fisc_poster, fisc_reader;

create schema ledger authorization fisc_owner;
comment on schema ledger is 'Books: chains of batches, their entries, and the balances folded from them.';
grant usage on schema ledger to fisc_poster, fisc_reader;

set local role fisc_owner;

-- 1. The chain ------------------------------------------------------------------------------------

create table ledger.book (
  book_id  int  primary key,
  name     text not null
);
comment on table ledger.book is 'A set of entities whose items form one chain with one writer at a time.';
comment on column ledger.book.book_id is 'Number of the book; leads every key.';
comment on column ledger.book.name is 'What people call it.';

create table ledger.batch (
  book_id       int         not null,
  batch_no      bigint      not null check (batch_no >= 0),
  prev_hash     bytea       not null check (octet_length(prev_hash) = 32),
  root          bytea       not null check (octet_length(root) = 32),
  hash          bytea       not null check (octet_length(hash) = 32),
  first_item    bigint      not null,
  item_count    int         not null check (item_count >= 0),
  first_entry   bigint      not null,
  entry_count   int         not null check (entry_count between 0 and item_count),
  line_count    int         not null check (line_count >= 0),
  first_coding  int         not null,
  coding_count  int         not null check (coding_count >= 0),
  engine        smallint    not null,
  posted_at     timestamptz not null,
  primary key (book_id, batch_no)
);
comment on table ledger.batch is 'One link of a book''s chain. The key is the lock: two writers cannot both append batch n + 1.';
comment on column ledger.batch.book_id is 'The book.';
comment on column ledger.batch.batch_no is 'Position in the chain; 0 is the genesis batch, without items.';
comment on column ledger.batch.prev_hash is 'hash of batch_no - 1.';
comment on column ledger.batch.root is 'Merkle root of the hashes of the batch''s items and codings.';
comment on column ledger.batch.hash is 'SHA-256 over prev_hash, root, book, number, counts, engine and time: docs/hashes.md.';
comment on column ledger.batch.first_item is 'Items of a book are numbered without gaps: first_item .. first_item + item_count - 1.';
comment on column ledger.batch.item_count is 'Entries, events and refusals of the batch.';
comment on column ledger.batch.first_entry is 'Entries of a book are numbered without gaps, too.';
comment on column ledger.batch.entry_count is 'Entries of the batch.';
comment on column ledger.batch.line_count is 'Lines of those entries.';
comment on column ledger.batch.first_coding is 'Codings of a book are numbered without gaps, too.';
comment on column ledger.batch.coding_count is 'Codings interned by the batch.';
comment on column ledger.batch.engine is 'Version of the engine that decided: a replay uses the same.';
comment on column ledger.batch.posted_at is 'When the poster sealed it, by its clock; in the hash. For people; order is by number.';

create function ledger.is_sound(
  coding int[], amount bigint[], financial int, corrects bigint, reverses boolean, reference text, memo text,
  memo_salt bytea, memo_hash bytea, digest bytea, hash bytea) returns boolean
language plpgsql immutable parallel safe as $$
-- True for an entry that could be right; otherwise an error that names the rule. One function and not several
-- constraints, because each constraint's expression is built anew for every statement and partition. An
-- overflow of a sum is an error by itself (22003).
declare
  v_financial bigint := 0;
  v_budgetary bigint := 0;
  v_amount    bigint;
  v_count     int := 0;
begin
  foreach v_amount in array amount loop
    v_count := v_count + 1;
    if v_amount is null or v_amount = 0 then
      raise exception 'line % of entry % has no amount', v_count, reference
        using errcode = '23514', constraint = 'entry_shape';
    end if;
    if v_count <= financial then v_financial := v_financial + v_amount; else v_budgetary := v_budgetary + v_amount; end if;
  end loop;
  if v_financial <> 0 or v_budgetary <> 0 then
    raise exception 'entry % does not balance: financial %, budgetary %', reference, v_financial, v_budgetary
      using errcode = '23514', constraint = 'entry_balanced';
  end if;
  if v_count < 2 or v_count > 10000 or array_ndims(amount) <> 1 or array_lower(amount, 1) <> 1
     or array_ndims(coding) <> 1 or array_lower(coding, 1) <> 1 or cardinality(coding) <> v_count
     or array_position(coding, null) is not null or financial < 0 or financial > v_count
     or octet_length(hash) <> 32 or octet_length(digest) <> 32
     or (memo is not null and (octet_length(memo_salt) is distinct from 16 or octet_length(memo_hash) is distinct from 32)) then
    raise exception 'entry % has not the shape of an entry', reference
      using errcode = '23514', constraint = 'entry_shape';
  end if;
  if reverses and (corrects is null or reference not like '%/reversal') then
    raise exception 'entry % does not say what it reverses', reference
      using errcode = '23514', constraint = 'entry_reversal';
  end if;
  return true;
end $$;
comment on function ledger.is_sound is 'Shape and balance of an entry: the CHECK of ledger.entry.';

create table ledger.entry (
  book_id    int      not null,
  entry_id   bigint   not null,
  batch_no   bigint   not null,
  item_id    bigint   not null,
  entity_id  int      not null,
  period     int      not null,
  effective  date     not null,
  source_id  int      not null,
  financial  smallint not null,
  coding     int[]    not null,
  amount     bigint[] not null,
  maker      int      not null,
  corrects   bigint,
  reverses   boolean  not null,
  document   text,
  transfer   text,
  reference  text     not null,
  memo       text,
  memo_salt  bytea,
  memo_hash  bytea,
  digest     bytea    not null,
  hash       bytea    not null,
  primary key (book_id, entry_id, period),
  constraint entry_is_sound check (ledger.is_sound(coding, amount, financial, corrects, reverses, reference, memo,
                                                   memo_salt, memo_hash, digest, hash))
) partition by list (period);
comment on table ledger.entry is 'A journal entry with its lines as arrays. No row is ever changed or removed.';
comment on column ledger.entry.book_id is 'The book.';
comment on column ledger.entry.entry_id is 'Dense per book, given by post_batch.';
comment on column ledger.entry.batch_no is 'The batch it came with.';
comment on column ledger.entry.item_id is 'Its position among all items of the book.';
comment on column ledger.entry.entity_id is 'The entity whose books these are.';
comment on column ledger.entry.period is 'YYYYPP: 00 opening, 01-12 months, 13 adjustments. In the key because it partitions.';
comment on column ledger.entry.effective is 'Accounting date.';
comment on column ledger.entry.source_id is 'Where the reference is unique.';
comment on column ledger.entry.financial is 'So many lines are financial and come first; the others are budgetary.';
comment on column ledger.entry.coding is 'Coding of each line.';
comment on column ledger.entry.amount is 'Amount of each line in minor units, debit positive, never zero.';
comment on column ledger.entry.maker is 'The person who answers for it.';
comment on column ledger.entry.corrects is 'entry_id of the entry this one corrects.';
comment on column ledger.entry.reverses is 'True for the exact reversal of the entry it corrects; its reference ends with /reversal, so there is one.';
comment on column ledger.entry.document is 'What people know it by: journal or voucher number.';
comment on column ledger.entry.transfer is 'Shared by the two halves of a transfer.';
comment on column ledger.entry.reference is 'The submitter''s key; unique per source (ledger.reference).';
comment on column ledger.entry.memo is 'Text for people; may be erased with its salt, and every hash still holds.';
comment on column ledger.entry.memo_salt is 'Random bytes hashed with the memo.';
comment on column ledger.entry.memo_hash is 'SHA-256 of salt and memo; null without memo.';
comment on column ledger.entry.digest is 'SHA-256 of the entry as submitted: tells a retry from a conflict.';
comment on column ledger.entry.hash is 'SHA-256 of the entry as posted: the submitter''s receipt, leaf of the batch''s tree.';
-- Values stay in the row up to about 80 lines; longer ones would be compressed, which costs more than it saves.
alter table ledger.entry alter coding set storage external, alter amount set storage external;

create table ledger.event (
  book_id   int    not null,
  item_id   bigint not null,
  batch_no  bigint not null,
  kind      text   not null,
  subject   text   not null,
  number    int    not null,
  fields    text[] not null,
  maker     int    not null,
  hash      bytea  not null check (octet_length(hash) = 32),
  primary key (book_id, item_id)
);
comment on table ledger.event is 'What happened beside the entries: master data, controls, states of periods. Append-only, part of the chain.';
comment on column ledger.event.book_id is 'The book.';
comment on column ledger.event.item_id is 'Position among all items of the book.';
comment on column ledger.event.batch_no is 'The batch it came with.';
comment on column ledger.event.kind is 'entity, group, account, person, source, period, control, note, memorandum.';
comment on column ledger.event.subject is 'Code of what it is about.';
comment on column ledger.event.number is 'The small number the engine gave the subject; entries and codings use it.';
comment on column ledger.event.fields is 'Name, value, name, value: jsonb_object(fields) shows it.';
comment on column ledger.event.maker is 'The person who answers for it.';
comment on column ledger.event.hash is 'SHA-256 of the event: leaf of the batch''s tree.';

create table ledger.refusal (
  book_id    int      not null,
  item_id    bigint   not null,
  batch_no   bigint   not null,
  source_id  int      not null,
  reference  text     not null,
  entity_id  int      not null,
  period     int      not null,
  code       text[]   not null,
  control    text[]   not null,
  key        text[]   not null,
  ceiling    bigint[] not null,
  consumed   bigint[] not null,
  requested  bigint[] not null,
  maker      int      not null,
  digest     bytea    not null,
  hash       bytea    not null check (octet_length(hash) = 32),
  primary key (book_id, item_id)
);
comment on table ledger.refusal is 'An entry refused for funds or period, with the inputs of the decision. Its reference stays free.';
comment on column ledger.refusal.book_id is 'The book.';
comment on column ledger.refusal.item_id is 'Position among all items of the book.';
comment on column ledger.refusal.batch_no is 'The batch it came with.';
comment on column ledger.refusal.source_id is 'Source of the refused entry.';
comment on column ledger.refusal.reference is 'Reference of the refused entry.';
comment on column ledger.refusal.entity_id is 'Entity of the refused entry.';
comment on column ledger.refusal.period is 'Period of the refused entry.';
comment on column ledger.refusal.code is 'BUDGET_EXCEEDED, NO_BUDGET, PERIOD_NOT_OPEN: one element per reason; the other arrays run in step.';
comment on column ledger.refusal.control is 'The control that refused, empty for a period.';
comment on column ledger.refusal.key is 'Its key.';
comment on column ledger.refusal.ceiling is 'Limit of the key in minor units when it was decided.';
comment on column ledger.refusal.consumed is 'Consumed before.';
comment on column ledger.refusal.requested is 'Net request on the key.';
comment on column ledger.refusal.maker is 'The person who asked.';
comment on column ledger.refusal.digest is 'SHA-256 of the entry as submitted.';
comment on column ledger.refusal.hash is 'SHA-256 of the refusal: leaf of the batch''s tree.';

create table ledger.coding (
  book_id            int      not null,
  coding_id          int      not null,
  entity_id          int      not null,
  account_id         int      not null,
  flow               smallint not null check (flow between 3 and 6),
  kind               smallint not null check (kind between 0 and 3),
  counterparty       text     not null,
  function           text     not null,
  gfs                text     not null,
  section            text     not null,
  programme          text     not null,
  economic           text     not null,
  fund               text     not null,
  project            text     not null,
  region             text     not null,
  source_of_finance  text     not null,
  cash_code          text     not null,
  cash_counterparty  text     not null,
  layer              text     not null,
  hash               bytea    not null check (octet_length(hash) = 32),
  primary key (book_id, coding_id)
);
comment on table ledger.coding is 'One combination of entity, account, flow, kind and segments, interned in apply order. Empty text = not given.';
comment on column ledger.coding.book_id is 'The book.';
comment on column ledger.coding.coding_id is 'Dense per book.';
comment on column ledger.coding.entity_id is 'The entity; entries use only codings of their own.';
comment on column ledger.coding.account_id is 'The account.';
comment on column ledger.coding.flow is '3 transaction, 4 holding gain, 5 other volume change, 6 opening (GFSM 2014 A8.3).';
comment on column ledger.coding.kind is '1 acquisition, 2 disposal, 3 consumption of fixed capital, 0 none.';
comment on column ledger.coding.counterparty is 'The other party: an entity, or a group as a class of entities.';
comment on column ledger.coding.function is 'COFOG.';
comment on column ledger.coding.gfs is 'GFS class of a budgetary line.';
comment on column ledger.coding.section is 'Administrative unit inside the entity.';
comment on column ledger.coding.programme is 'Programme.';
comment on column ledger.coding.economic is 'National economic class.';
comment on column ledger.coding.fund is 'Fund.';
comment on column ledger.coding.project is 'Project.';
comment on column ledger.coding.region is 'Region.';
comment on column ledger.coding.source_of_finance is 'Source of finance.';
comment on column ledger.coding.cash_code is 'Row of the cash statement, for a cash line.';
comment on column ledger.coding.cash_counterparty is 'Payer or payee, for a cash line.';
comment on column ledger.coding.layer is 'Empty = reported; else the adjustment layer.';
comment on column ledger.coding.hash is 'SHA-256 of the coding: leaf of its batch''s tree.';

create table ledger.reference (
  book_id    int    not null,
  source_id  int    not null,
  reference  text   not null,
  entry_id   bigint not null,
  period     int    not null,
  batch_no   bigint not null,
  digest     bytea  not null,
  primary key (book_id, source_id, reference)
);
comment on table ledger.reference is 'What was posted under which reference: the authority on retries. It cannot live on entry, whose keys include the period.';
comment on column ledger.reference.book_id is 'The book.';
comment on column ledger.reference.source_id is 'The source.';
comment on column ledger.reference.reference is 'The submitter''s key.';
comment on column ledger.reference.entry_id is 'The entry.';
comment on column ledger.reference.period is 'Where to find it.';
comment on column ledger.reference.batch_no is 'The batch it came with.';
comment on column ledger.reference.digest is 'Of the entry as submitted: same digest, same answer; another digest, conflict.';

-- 2. Caches: folds of the chain, kept by the routines, recomputable by anyone -----------------------

create table ledger.master (
  book_id  int    not null,
  kind     text   not null,
  subject  text   not null,
  number   int    not null,
  fields   text[] not null,
  item_id  bigint not null,
  primary key (book_id, kind, subject)
);
create index master_number on ledger.master (book_id, kind, number);
comment on index ledger.master_number is 'Serves what knows a subject by its number: budget.appropriations, ledger.lines_of_key.';
comment on table ledger.master is 'The newest event of every subject.';
comment on column ledger.master.book_id is 'The book.';
comment on column ledger.master.kind is 'As in event.';
comment on column ledger.master.subject is 'As in event.';
comment on column ledger.master.number is 'As in event; never changes for a subject.';
comment on column ledger.master.fields is 'As in event.';
comment on column ledger.master.item_id is 'The event.';

create table ledger.period (
  book_id  int    not null,
  period   int    not null check (period % 100 between 0 and 13),
  state    text   not null check (state in ('future', 'open', 'held', 'closed', 'sealed')),
  since    bigint not null,
  primary key (book_id, period)
);
comment on table ledger.period is 'State of each period. Changes only by an event in the chain, so it needs no lock of its own.';
comment on column ledger.period.book_id is 'The book.';
comment on column ledger.period.period is 'YYYYPP.';
comment on column ledger.period.state is 'Entries go to open periods only.';
comment on column ledger.period.since is 'The batch that brought the state.';

create table ledger.balance (
  book_id    int    not null,
  entity_id  int    not null,
  period     int    not null,
  coding_id  int    not null,
  debit      bigint not null check (debit >= 0),
  credit     bigint not null check (credit >= 0),
  primary key (book_id, entity_id, period, coding_id)
) with (fillfactor = 70);
comment on table ledger.balance is 'Turnovers by coding and period, good up to checkpoint.upto_batch. A unit''s statement is one range of the key.';
comment on column ledger.balance.book_id is 'The book.';
comment on column ledger.balance.entity_id is 'The entity.';
comment on column ledger.balance.period is 'YYYYPP.';
comment on column ledger.balance.coding_id is 'The coding.';
comment on column ledger.balance.debit is 'Sum of debits, minor units.';
comment on column ledger.balance.credit is 'Sum of credits, minor units.';

create table ledger.checkpoint (
  book_id     int    primary key,
  upto_batch  bigint not null,
  upto_entry  bigint not null
) with (fillfactor = 10);
comment on table ledger.checkpoint is 'How far balance is folded. Changes in the same transaction as balance.';
comment on column ledger.checkpoint.book_id is 'The book.';
comment on column ledger.checkpoint.upto_batch is 'The last batch folded.';
comment on column ledger.checkpoint.upto_entry is 'The last entry folded.';

-- 3. What a batch carries, as the one append routine takes it -----------------------------------------

create type ledger.new_coding as (
  coding_id int, entity_id int, account_id int, flow smallint, kind smallint, dims text[], hash bytea
);
create type ledger.posting as (
  item int, entity_id int, period int, effective date, source_id int, financial smallint, coding int[], amount bigint[],
  maker int, corrects bigint, reverses boolean, document text, transfer text, reference text, memo text,
  memo_salt bytea, memo_hash bytea, digest bytea, hash bytea
);
create type ledger.happening as (
  item int, kind text, subject text, number int, fields text[], maker int, hash bytea
);
create type ledger.rejection as (
  item int, source_id int, reference text, entity_id int, period int, code text[], control text[], key text[],
  ceiling bigint[], consumed bigint[], requested bigint[], maker int, digest bytea, hash bytea
);

-- 4. Who may see what ----------------------------------------------------------------------------------
-- Nobody is a member of the owner, whose few routines filter for themselves: so no FORCE. Readers get SELECT
-- on the roots only; a partition has no grant.

grant select on all tables in schema ledger to fisc_poster, fisc_reader;
revoke select on ledger.reference, ledger.refusal from fisc_reader;

create function ledger.visible() returns int[] language sql stable parallel safe as $$
  select string_to_array(nullif(current_setting('fisc.entities', true), ''), ',')::int[]
$$;
comment on function ledger.visible() is 'Entities the present request may see: set local fisc.entities = ''101,102''. Unset shows nothing.';

alter table ledger.entry enable row level security;
create policy entry_poster on ledger.entry for select to fisc_poster using (true);
create policy entry_reader on ledger.entry for select to fisc_reader
  using (entity_id = any ((select ledger.visible())::int[]));
alter table ledger.balance enable row level security;
create policy balance_poster on ledger.balance for select to fisc_poster using (true);
create policy balance_reader on ledger.balance for select to fisc_reader
  using (entity_id = any ((select ledger.visible())::int[]));
