-- Signing in by an identity provider (OpenID Connect). Whom the provider's subject is, a credential of kind provider
-- says; here are the sign-ins that have gone to the provider and are not back yet. No secret stands in the clear.

set local role fisc_owner;

comment on column identity.credential.kind is 'password, totp, certificate, passkey or provider.';
comment on column identity.credential.secret is 'password: the argon2id string. totp: the sealed seed. certificate: the subject of the certificate. passkey: its public key and what belongs to it. provider: issuer and subject, a line each.';
create unique index credential_provider on identity.credential (book_id, secret) where kind = 'provider';
comment on index identity.credential_provider is 'One subject of a provider is one person; for identity/provider.sql.';

create table identity.provider_login (
  digest      bytea        primary key check (octet_length(digest) = 32),
  book_id     int          not null,
  browser     bytea        not null check (octet_length(browser) = 32),
  page        text         not null check (page ~ '^/([^/\\]|$)' and length(page) <= 2048),
  before      bytea        check (octet_length(before) = 32),
  address     text         not null,
  expires_at  timestamptz  not null
);
comment on table identity.provider_login is 'Sign-ins that went to the identity provider. A row goes when its answer comes; the answer is looked at once.';
comment on column identity.provider_login.digest is 'SHA-256 of the state, which has 256 random bits.';
comment on column identity.provider_login.book_id is 'The book.';
comment on column identity.provider_login.browser is 'SHA-256 of the secret in the browser''s cookie, of which verifier and nonce are made.';
comment on column identity.provider_login.page is 'The page of the own site to go to afterwards.';
comment on column identity.provider_login.before is 'Digest of the session that the browser had, which the new one replaces; null: none.';
comment on column identity.provider_login.address is 'Where it came from; of IPv6 the network.';
comment on column identity.provider_login.expires_at is 'When it is over.';
create index provider_login_address on identity.provider_login (book_id, address, expires_at);
comment on index identity.provider_login_address is 'For identity.open_provider_login, which keeps the newest of an address.';

grant select on identity.provider_login to fisc_poster;
