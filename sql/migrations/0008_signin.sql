-- How people and programs prove who they are. No secret stands here in the clear: passwords as argon2id strings,
-- seeds sealed with a key that is not in the database, everything else as its SHA-256. That a credential or a token
-- was made, changed or removed, and by whom, is an event of the chain; one that the chain does not have opens
-- nothing, so a row slipped in here is of no use.

create schema identity authorization fisc_owner;
comment on schema identity is 'Credentials, sessions, tokens, and who has signed in. For the server; readers of the books see nothing of it.';
grant usage on schema identity to fisc_poster;

set local role fisc_owner;

create table identity.credential (
  book_id    int          not null,
  person     text         not null,
  kind       text         not null check (kind ~ '^[a-z_]+$'),
  name       text         not null default '',
  state      text         not null check (state in ('start', 'set', 'pending')),
  secret     bytea        not null,
  last_step  bigint       not null default -1,
  made_at    timestamptz  not null default now(),
  primary key (book_id, person, kind, name)
);
comment on table identity.credential is 'What a person is known by. Its SHA-256 is in the chain: an event of kind credential.';
comment on column identity.credential.book_id is 'The book.';
comment on column identity.credential.person is 'Code of the person.';
comment on column identity.credential.kind is 'password, totp or certificate.';
comment on column identity.credential.name is 'Tells several of one kind apart; empty for the only one. Of a seed not yet confirmed: pending.';
comment on column identity.credential.state is 'start: given by somebody else, to be changed at the first sign-in; set; pending: waits for its first code.';
comment on column identity.credential.secret is 'password: the argon2id string. totp: the sealed seed. certificate: the subject of the certificate, which is public.';
comment on column identity.credential.last_step is 'totp: the newest time step whose code was used; each is taken once.';
comment on column identity.credential.made_at is 'When it was made.';
create unique index credential_certificate on identity.credential (book_id, secret) where kind = 'certificate';

create table identity.recovery (
  book_id  int    not null,
  person   text   not null,
  digest   bytea  not null check (octet_length(digest) = 32),
  primary key (book_id, person, digest)
);
comment on table identity.recovery is 'Codes that stand in for a lost second factor. A row goes when its code is used.';
comment on column identity.recovery.book_id is 'The book.';
comment on column identity.recovery.person is 'Code of the person.';
comment on column identity.recovery.digest is 'SHA-256 of the code, which has 80 random bits.';

create table identity.session (
  digest      bytea        primary key check (octet_length(digest) = 32),
  book_id     int          not null,
  person      text         not null,
  made_at     timestamptz  not null default now(),
  used_at     timestamptz  not null default now(),
  expires_at  timestamptz  not null,
  is_strong   boolean      not null,
  address     text         not null
);
comment on table identity.session is 'Who is signed in with a browser. A row goes when the session ends.';
comment on column identity.session.digest is 'SHA-256 of the 256 random bits in the cookie.';
comment on column identity.session.book_id is 'The book.';
comment on column identity.session.person is 'Code of the person.';
comment on column identity.session.made_at is 'When he signed in.';
comment on column identity.session.used_at is 'When it was used last, to the minute.';
comment on column identity.session.expires_at is 'When it ends at the latest.';
comment on column identity.session.is_strong is 'A second factor was shown.';
comment on column identity.session.address is 'Where he signed in from.';
create index session_person on identity.session (book_id, person);

create table identity.ticket (
  digest      bytea        primary key check (octet_length(digest) = 32),
  book_id     int          not null,
  person      text         not null,
  needs       text         not null check (needs in ('totp', 'password')),
  is_strong   boolean      not null,
  address     text         not null,
  expires_at  timestamptz  not null
);
comment on table identity.ticket is 'Sign-ins half done: the password was right, something is left to show. A row goes when it is used.';
comment on column identity.ticket.digest is 'SHA-256 of the 256 random bits that were handed out.';
comment on column identity.ticket.book_id is 'The book.';
comment on column identity.ticket.person is 'Code of the person.';
comment on column identity.ticket.needs is 'totp: a code; password: a new one in place of the start password.';
comment on column identity.ticket.is_strong is 'A second factor was shown.';
comment on column identity.ticket.address is 'Where it was handed out to; it is good from there only.';
comment on column identity.ticket.expires_at is 'When it is over.';

create table identity.token (
  book_id     int          not null,
  person      text         not null,
  name        text         not null,
  digest      bytea        not null unique check (octet_length(digest) = 32),
  entity      text,
  uses        text[]       not null check (uses <@ array['read', 'post', 'approve', 'admin'] and cardinality(uses) > 0),
  made_at     timestamptz  not null default now(),
  expires_at  timestamptz  not null,
  used_at     timestamptz,
  revoked_at  timestamptz,
  primary key (book_id, person, name)
);
comment on table identity.token is 'What programs sign in with, each in the name of a person. Its SHA-256 is in the chain: an event of kind credential.';
comment on column identity.token.book_id is 'The book.';
comment on column identity.token.person is 'Code of the person who answers for it.';
comment on column identity.token.name is 'What the person calls it.';
comment on column identity.token.digest is 'SHA-256 of the token, which has 256 random bits.';
comment on column identity.token.entity is 'The only entity it is good for; null: all that the person may.';
comment on column identity.token.uses is 'What it is good for: read, post, approve, admin.';
comment on column identity.token.made_at is 'When it was made.';
comment on column identity.token.expires_at is 'When it is over.';
comment on column identity.token.used_at is 'When it was used last, to the minute.';
comment on column identity.token.revoked_at is 'When it was taken back; null: it was not.';

create table identity.step_up (
  digest      bytea        primary key check (octet_length(digest) = 32),
  book_id     int          not null,
  person      text         not null,
  holder      bytea        not null,
  action      bytea        not null check (octet_length(action) = 32),
  expires_at  timestamptz  not null
);
comment on table identity.step_up is 'A second factor shown for exactly one act. A row goes when the act is done.';
comment on column identity.step_up.digest is 'SHA-256 of the 256 random bits that were handed out.';
comment on column identity.step_up.book_id is 'The book.';
comment on column identity.step_up.person is 'Code of the person.';
comment on column identity.step_up.holder is 'Digest of the session or token that it is good for.';
comment on column identity.step_up.action is 'SHA-256 of what is approved.';
comment on column identity.step_up.expires_at is 'When it is over.';

create table identity.attempt (
  attempt_id  bigint       generated always as identity primary key,
  book_id     int          not null,
  who         bytea        not null,
  address     text         not null,
  at          timestamptz  not null default now()
);
comment on table identity.attempt is 'Wrong sign-ins of the last 15 minutes, by which further ones are refused.';
comment on column identity.attempt.attempt_id is 'Number of the attempt.';
comment on column identity.attempt.book_id is 'The book.';
comment on column identity.attempt.who is 'SHA-256 of the name that was given: people type passwords into the wrong field.';
comment on column identity.attempt.address is 'Where it came from; of IPv6 the network.';
comment on column identity.attempt.at is 'When it was.';
create index attempt_address on identity.attempt (book_id, address, at);
create index attempt_who on identity.attempt (book_id, who, at);

create table identity.sign_in (
  sign_in_id  bigint       generated always as identity primary key,
  book_id     int          not null,
  at          timestamptz  not null default now(),
  person      text,
  what        text         not null,
  address     text         not null,
  request     text         not null
);
comment on table identity.sign_in is 'Who has signed in, or tried to, and where from. Kept for 400 days.';
comment on column identity.sign_in.sign_in_id is 'Number of the row.';
comment on column identity.sign_in.book_id is 'The book.';
comment on column identity.sign_in.at is 'When it was.';
comment on column identity.sign_in.person is 'Code of the person; null when the name that was given is nobody''s.';
comment on column identity.sign_in.what is 'What happened: signed in, wrong password, wrong code, too many, signed out ...';
comment on column identity.sign_in.address is 'Where it came from.';
comment on column identity.sign_in.request is 'Id of the request, as in the server''s log.';
create index sign_in_at on identity.sign_in (book_id, at);

grant select on all tables in schema identity to fisc_poster;
