-- What was given to the public: bytes, kept under their digests. Which publication has which bytes, what it was
-- made from and by whom, is in the chain (facts of kind publication); so bytes that no publication names are
-- nothing, and those of one cannot be exchanged.

create schema reporting authorization fisc_owner;
comment on schema reporting is 'Reports that were published: the bytes that the chain names by their digests.';
grant usage on schema reporting to fisc_poster, fisc_reader;

set local role fisc_owner;

create table reporting.content (
  digest  bytea  primary key,
  body    bytea  not null check (octet_length(body) <= 67108864),
  constraint content_has_its_digest check (digest = sha256(body))
);
comment on table reporting.content is 'Published bytes by their SHA-256. Insert-only; the same bytes are kept once, whichever publications have them.';
comment on column reporting.content.digest is 'SHA-256 of the bytes: what publications in the chain name.';
comment on column reporting.content.body is 'The bytes as they were given to the public, 64 MB at most.';

grant select on reporting.content to fisc_poster, fisc_reader;
