-- The tokens of a person, or of all.
-- in: int4, text (null = all)
-- out: person text, name text, entity text, uses text, made_at text, expires_at text, used_at text, state text
-- by: fisc_flow_token_list, app/flows/signin_table.c; is_active, app/flows/signin_token.c
select person, name, entity, array_to_string(uses, ',') as uses,
       to_char(made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as made_at,
       to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at,
       to_char(used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as used_at,
       case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end as state
  from identity.token
 where book_id = $1 and ($2::text is null or person = $2)
 order by person, name
