-- Whose subject of a provider this is.
-- in: int4, bytea (issuer and subject)
-- out: person text
-- by: find_linked, app/flows/signin_provider.c
select c.person
  from identity.credential c
 where c.book_id = $1 and c.kind = 'provider' and c.secret = $2
   and identity.is_on_record(c.book_id, c.person || '/provider/' || c.name, sha256(c.secret))
