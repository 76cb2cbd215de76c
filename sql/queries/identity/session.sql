-- A session that is neither over nor idle for too long.
-- in: int4, bytea, int4 (seconds of idleness)
-- out: person text, is_strong bool, expires_at text, expires_s int8, idle_s int8
-- by: fisc_flow_find_session, app/flows/signin_find.c
select person, is_strong, to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at,
       floor(extract(epoch from expires_at - now()))::int8 as expires_s,
       floor(extract(epoch from now() - used_at))::int8 as idle_s
  from identity.session
 where book_id = $1 and digest = $2 and expires_at > now() and used_at > now() - make_interval(secs => $3)
