-- What a person is known by, and whether the chain has it.
-- in: int4, text
-- out: kind text, name text, state text, secret bytea, last_step int8, is_on_record bool
-- by: fisc_flow_load_credentials, app/flows/signin_find.c
select c.kind, c.name, c.state, c.secret, c.last_step,
       identity.is_on_record(c.book_id, c.person || '/' || c.kind || case when c.name = '' then '' else '/' || c.name end,
                             sha256(c.secret)) as is_on_record
  from identity.credential c
 where c.book_id = $1 and c.person = $2
   and (c.state <> 'start' or c.made_at > now() - interval '7 days')
   and (c.state <> 'pending' or c.made_at > now() - interval '1 hour')
 order by c.kind, c.name
