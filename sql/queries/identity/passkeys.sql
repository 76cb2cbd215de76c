-- The passkeys of a person, or of all.
-- in: int4, text (null = all)
-- out: person text, name text, made_at text, counter int8, secret bytea
-- by: read_all, app/flows/passkey.c
select c.person, c.name, to_char(c.made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as made_at,
       c.last_step as counter, c.secret
  from identity.credential c
 where c.book_id = $1 and ($2::text is null or c.person = $2) and c.kind = 'passkey'
   and identity.is_on_record(c.book_id, c.person || '/passkey/' || c.name, sha256(c.secret))
 order by c.person, c.made_at, c.name
