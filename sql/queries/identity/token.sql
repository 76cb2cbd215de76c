-- A token that is in force, and that the chain has.
-- in: int4, bytea
-- out: person text, name text, entity text, uses text[], expires_s int8, idle_s int8
-- by: fisc_flow_find_token, app/flows/signin_find.c
select t.person, t.name, t.entity, t.uses, floor(extract(epoch from t.expires_at - now()))::int8 as expires_s,
       coalesce(floor(extract(epoch from now() - t.used_at))::int8, 86400) as idle_s
  from identity.token t
 where t.book_id = $1 and t.digest = $2 and t.revoked_at is null and t.expires_at > now()
   and identity.is_on_record(t.book_id, t.person || '/token/' || t.name, t.digest)
