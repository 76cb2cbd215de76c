-- Whose passkey this is, by the SHA-256 of its id.
-- in: int4, bytea
-- out: person text, secret bytea
-- by: fisc_flow_passkey_find, app/flows/passkey.c
select c.person, c.secret
  from identity.credential c
 where c.book_id = $1 and c.kind = 'passkey' and substring(c.secret from 1 for 32) = $2
   and identity.is_on_record(c.book_id, c.person || '/passkey/' || c.name, sha256(c.secret))
