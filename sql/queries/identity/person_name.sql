-- What one person is called.
-- in: int4, text
-- out: name text, salt bytea
-- by: fisc_flow_person_name, app/flows/signin_find.c
select name, salt
  from ledger.person_name
 where book_id = $1 and person = $2
