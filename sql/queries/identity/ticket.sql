-- A sign-in half done.
-- in: int4, bytea, text (where it comes from)
-- out: person text, needs text, is_strong bool
-- by: find_ticket, app/flows/signin.c
select person, needs, is_strong
  from identity.ticket
 where book_id = $1 and digest = $2 and address = $3 and expires_at > now()
