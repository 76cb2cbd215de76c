-- What was answered under keys of persons, each key looked up by itself.
-- in: int4, text[], text[]
-- out: person text, key text, digest text, status int4, head text, body text
-- by: look_up, app/server/answers.c
-- The arrays are selected so that a plan serves any length of them: see ledger/references.sql.
-- Every write adds a row: joined at once, a planner without statistics would read all of them.
select asked.person, asked.key, a.digest, a.status, a.head, a.body
  from unnest((select $2), (select $3)) as asked(person, key)
 cross join lateral (select digest, status, head, body from server.answer
                      where book_id = $1 and person = asked.person and key = asked.key offset 0) a
