-- The documents that are about to be proposed for runs.
-- in: int4, int8[], text[]
-- out: nothing (void)
-- by: fisc_intake_name_documents, app/flows/intake_stage.c
select intake.name_documents($1, $2, $3)
