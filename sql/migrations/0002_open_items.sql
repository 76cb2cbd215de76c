-- Open items: what a reservation, an order, a claim, a payable or an advance still holds.
--
-- Lines name the item they open, add to or take from; the engine decides what is relieved and writes it as
-- lines, so the log alone tells what is open. Entries that name none keep nulls and cost nothing.

set local role fisc_owner;

-- 1. What an entry says of items ---------------------------------------------------------------------

alter table ledger.entry
  add column item           text[],
  add column currency       text,
  add column foreign_amount bigint[],
  add column hands          int[];
comment on column ledger.entry.item is 'Open item of each line, empty = none; null when no line has one.';
comment on column ledger.entry.currency is 'Currency of foreign_amount; null when there is none.';
comment on column ledger.entry.foreign_amount is 'Amount of each line in that currency, minor units, 0 = none; null when no line has one.';
comment on column ledger.entry.hands is 'Duty, person, duty, person ...: the hands that the chain of its open items has been in; null when it names none.';
alter table ledger.entry alter item set storage external, alter foreign_amount set storage external;

create function ledger.are_items_sound(
  amount bigint[], reference text, item text[], currency text, foreign_amount bigint[], hands int[]) returns boolean
language plpgsql immutable parallel safe as $$
-- True for items that could be right; otherwise an error that names the entry. Called only for entries that have
-- any: what each line takes and what is open, no single row can tell.
begin
  if (item is not null and (array_ndims(item) <> 1 or array_lower(item, 1) <> 1 or cardinality(item) <> cardinality(amount)
                            or array_position(item, null) is not null))
     or (foreign_amount is not null and (array_ndims(foreign_amount) <> 1 or array_lower(foreign_amount, 1) <> 1
                            or cardinality(foreign_amount) <> cardinality(amount)
                            or array_position(foreign_amount, null) is not null))
     or (currency is null) <> (foreign_amount is null) or currency = ''
     or (hands is not null and (item is null or array_ndims(hands) <> 1 or cardinality(hands) % 2 <> 0
                            or array_position(hands, null) is not null)) then
    raise exception 'the open items of entry % have not the shape of its lines', reference
      using errcode = '23514', constraint = 'entry_items_are_sound';
  end if;
  return true;
end $$;
comment on function ledger.are_items_sound is 'Shape of items, foreign amounts and hands: a CHECK of ledger.entry.';

-- Not looked for in rows from before the columns: they are null there.
alter table ledger.entry add constraint entry_items_are_sound
  check ((item is null and currency is null and foreign_amount is null and hands is null)
         or ledger.are_items_sound(amount, reference, item, currency, foreign_amount, hands)) not valid;

alter type ledger.posting
  add attribute open_item text[],
  add attribute currency text,
  add attribute foreign_amount bigint[],
  add attribute hands int[];

-- 2. The cache ---------------------------------------------------------------------------------------

create table ledger.open_item (
  book_id         int      not null,
  entity_id       int      not null,
  item            text     not null,
  coding_id       int      not null,
  year            int      not null,
  side            smallint not null check (side in (-1, 1)),
  amount          bigint   not null,
  currency        text,
  foreign_amount  bigint   not null,
  hands           int[],
  opened_entry    bigint   not null,
  opened_line     int      not null,
  primary key (book_id, entity_id, item, coding_id, year)
) with (fillfactor = 70);
comment on table ledger.open_item is 'What each open item holds by coding and year, good up to checkpoint.upto_batch. A closed item stays, at zero: a reversal may open it again.';
comment on column ledger.open_item.book_id is 'The book.';
comment on column ledger.open_item.entity_id is 'The entity, inside which the item has its name.';
comment on column ledger.open_item.item is 'Name of the item.';
comment on column ledger.open_item.coding_id is 'The coding.';
comment on column ledger.open_item.year is 'Year of the lines on the budgetary side, which is bound to it; 0 on the financial side.';
comment on column ledger.open_item.side is 'Of the line that opened the item: 1 debit, -1 credit.';
comment on column ledger.open_item.amount is 'Sum of its lines, minor units, debit positive.';
comment on column ledger.open_item.currency is 'Currency of foreign_amount; null when no line had one.';
comment on column ledger.open_item.foreign_amount is 'Sum of its foreign amounts.';
comment on column ledger.open_item.hands is 'As in entry, of the latest entry that had any.';
comment on column ledger.open_item.opened_entry is 'The first entry with the item on this coding: what is relieved first.';
comment on column ledger.open_item.opened_line is 'The line of that entry, from 1.';

grant select on ledger.open_item to fisc_poster, fisc_reader;
alter table ledger.open_item enable row level security;
create policy open_item_poster on ledger.open_item for select to fisc_poster using (true);
create policy open_item_reader on ledger.open_item for select to fisc_reader
  using (entity_id = any ((select ledger.visible())::int[]));
