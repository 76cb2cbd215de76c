-- Whose certificate this is, by its subject.
-- in: int4, bytea
-- out: person text
-- by: fisc_flow_find_certificate, app/flows/signin_find.c
select c.person
  from identity.credential c
 where c.book_id = $1 and c.kind = 'certificate' and c.secret = $2
   and identity.is_on_record(c.book_id, c.person || '/certificate/' || c.name, sha256(c.secret))
