-- Writes down what a person is called.
-- in: int4, text, text, bytea
-- out: none
-- by: fisc_flow_person_add, app/flows/person.c
select ledger.name_person($1, $2, $3, $4)
