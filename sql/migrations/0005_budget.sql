-- What versions of a budget are made of: texts, kept under their digests. Which text a part of a version has,
-- who gave it that and why, is in the chain (events of kind case); so a text that no event names is nothing,
-- and one that an event names cannot be exchanged.

create schema budget authorization fisc_owner;
comment on schema budget is 'Budgets that are being prepared: the texts that the chain names by their digests.';
grant usage on schema budget to fisc_poster, fisc_reader;

set local role fisc_owner;

create table budget.content (
  digest  bytea  primary key,
  body    text   not null check (octet_length(body) <= 67108864),
  constraint content_has_its_digest check (digest = sha256(convert_to(body, 'UTF8')))
);
comment on table budget.content is 'Texts by their SHA-256. Insert-only; the same text is kept once, whichever versions have it.';
comment on column budget.content.digest is 'SHA-256 of the text as UTF-8: what the events of cases name.';
comment on column budget.content.body is 'CSV in its canonical form (docs/budget-format.md), 64 MB at most.';

grant select on budget.content to fisc_poster, fisc_reader;

create index event_case on ledger.event (book_id, subject, item_id) where kind = 'case';
comment on index ledger.event_case is 'Serves budget.case_steps.';
