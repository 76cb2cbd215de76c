-- The key that contexts are proven with.
-- in: none
-- out: key bytea
-- by: fisc_scope_key_load, core/db/scoped.c
select access.scope_key() as key
