-- Erases the name of a person.
-- in: int4, text
-- out: erased int4
-- by: fisc_flow_person_forget, app/flows/person.c
select ledger.forget_person($1, $2) as erased
