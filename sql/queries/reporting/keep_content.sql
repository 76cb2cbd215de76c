-- Keeps published bytes under their digest.
-- in: bytea
-- out: kept bool
-- by: fisc_publication_keep, app/flows/publication.c
select reporting.keep_content($1) as kept
