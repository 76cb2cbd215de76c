-- Who is signed in; of one person, or of all.
-- in: int4, text (null = all), int4 (seconds of idleness)
-- out: session text, person text, made_at text, used_at text, expires_at text, is_strong bool, address text
-- by: fisc_flow_session_list, app/flows/signin_table.c
select left(encode(digest, 'hex'), 12) as session, person,
       to_char(made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as made_at,
       to_char(used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as used_at,
       to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at, is_strong, address
  from identity.session
 where book_id = $1 and ($2::text is null or person = $2)
   and expires_at > now() and used_at > now() - make_interval(secs => $3)
 order by person, made_at
