-- What persons are called.
-- in: int4
-- out: person text, name text, salt bytea
-- by: load_names, app/flows/person.c
select person, name, salt
  from ledger.person_name
 where book_id = $1
 order by person
