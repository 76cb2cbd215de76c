-- Passkeys: keys that stay in a device and sign a challenge of the server (docs/decisions/0018). A passkey is a
-- credential like the others; here is what it answers.

comment on column identity.credential.kind is 'password, totp, certificate or passkey.';
comment on column identity.credential.name is 'Tells several of one kind apart; empty for the only one. Of a seed not yet confirmed: pending.';
comment on column identity.credential.secret is 'password: the argon2id string. totp: the sealed seed. certificate: the subject of the certificate, which is public. passkey: the SHA-256 of its id, then algorithm, id, public key and label.';
comment on column identity.credential.last_step is 'totp: the newest time step whose code was used; each is taken once. passkey: how often the device has signed, as it said last.';

set local role fisc_owner;

create unique index credential_passkey on identity.credential (book_id, substring(secret from 1 for 32)) where kind = 'passkey';
comment on index identity.credential_passkey is 'One passkey is one person''s; serves identity/passkey.sql.';

create table identity.challenge (
  digest      bytea        primary key check (octet_length(digest) = 32),
  book_id     int          not null,
  purpose     text         not null check (purpose in ('register', 'sign_in', 'step_up')),
  person      text,
  holder      bytea        check (octet_length(holder) = 32),
  action      bytea        check (octet_length(action) = 32),
  address     text         not null,
  expires_at  timestamptz  not null,
  check ((purpose = 'sign_in') = (holder is null)),
  check ((purpose = 'step_up') = (action is not null))
);
comment on table identity.challenge is 'What devices are asked to sign. A row goes when it is answered, rightly or wrongly.';
comment on column identity.challenge.digest is 'SHA-256 of the challenge.';
comment on column identity.challenge.book_id is 'The book.';
comment on column identity.challenge.purpose is 'register: a new passkey; sign_in; step_up: the confirmation of one act.';
comment on column identity.challenge.person is 'Code of the person it is for; null: whoever signs in.';
comment on column identity.challenge.holder is 'Digest of the session or token that asked for it; null at signing in.';
comment on column identity.challenge.action is 'step_up: SHA-256 of what is approved; the challenge is made of it.';
comment on column identity.challenge.address is 'Where it was asked for; of IPv6 the network.';
comment on column identity.challenge.expires_at is 'When it is over.';
create index challenge_address on identity.challenge (book_id, address, expires_at);
comment on index identity.challenge_address is 'Serves identity.open_challenge.';

grant select on identity.challenge to fisc_poster;
