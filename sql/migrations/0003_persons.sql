-- What must be forgotten when the law says so stays outside the chain: names of persons, and the salt that
-- keeps a national identity from being guessed. The chain has digests only (include/fisc/identity.h).

set local role fisc_owner;

create table ledger.person_name (
  book_id  int    not null,
  person   text   not null,
  name     text   not null,
  salt     bytea  not null check (octet_length(salt) = 16),
  primary key (book_id, person)
);
comment on table ledger.person_name is 'What persons are called. A row may be erased: its digest in the chain then says nothing any more.';
comment on column ledger.person_name.book_id is 'The book.';
comment on column ledger.person_name.person is 'Code of the person: subject of an event of kind person.';
comment on column ledger.person_name.name is 'The name.';
comment on column ledger.person_name.salt is 'Random bytes hashed with the name.';

create table ledger.identity_salt (
  book_id  int    primary key,
  salt     bytea  not null check (octet_length(salt) = 16)
);
comment on table ledger.identity_salt is 'Hashed with every national identity of a book, so that one human being is one person. The identities themselves are nowhere.';
comment on column ledger.identity_salt.book_id is 'The book.';
comment on column ledger.identity_salt.salt is 'Random bytes, made once.';

-- Readers of the books do not read names.
grant select on ledger.person_name to fisc_poster;
