-- The salt of the national identities of a book.
-- in: int4, bytea (taken when there is none yet)
-- out: salt bytea
-- by: id_digest, app/flows/person.c
select ledger.identity_salt($1, $2) as salt
