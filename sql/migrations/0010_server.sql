-- What the server has answered to writes, so that whoever asks again with the same key gets the same answer. The
-- chain decides what was posted; this only remembers how it was told. Rows are kept for thirty days.

create schema server authorization fisc_owner;
comment on schema server is 'What the server remembers of its own work; nothing of the books depends on it.';
grant usage on schema server to fisc_poster;

set local role fisc_owner;

create table server.answer (
  book_id  int          not null,
  person   text         not null,
  key      text         not null check (octet_length(key) <= 200),
  digest   text         not null check (digest ~ '^[0-9a-f]{64}$'),
  status   int          not null check (status between 200 and 599),
  head     text         not null,
  body     text         not null,
  kept_at  timestamptz  not null default now(),
  primary key (book_id, person, key)
);
comment on table server.answer is 'Answers to writes by the key that their sender chose. The first answer stands.';
comment on column server.answer.book_id is 'The book.';
comment on column server.answer.person is 'Code of the person who asked: a key is his own.';
comment on column server.answer.key is 'The header Idempotency-Key.';
comment on column server.answer.digest is 'SHA-256 of method, path, query, principal and body: another request under the same key is a mistake.';
comment on column server.answer.status is 'HTTP status.';
comment on column server.answer.head is 'The headers that belong to the answer, "name: value" by line.';
comment on column server.answer.body is 'The body.';
comment on column server.answer.kept_at is 'When it was kept.';
create index answer_kept_at on server.answer (kept_at);

grant select on server.answer to fisc_poster;
