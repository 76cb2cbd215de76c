-- What was answered under keys of persons.
-- in: int4, text[], text[]
-- out: person text, key text, digest text, status int4, head text, body text
-- by: look_up, app/server/answers.c
select a.person, a.key, a.digest, a.status, a.head, a.body
  from unnest($2, $3) as asked(person, key)
  join server.answer a on a.book_id = $1 and a.person = asked.person and a.key = asked.key
