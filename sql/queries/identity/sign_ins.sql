-- Who has signed in or tried to, newest first; one person, or all.
-- in: int4, text (null = all), int4 (rows)
-- out: at text, person text, what text, address text, request text
-- by: fisc_flow_sign_in_list, app/flows/signin_table.c
select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, person, what, address, request
  from identity.sign_in
 where book_id = $1 and ($2::text is null or person = $2)
 order by sign_in_id desc
 limit $3
