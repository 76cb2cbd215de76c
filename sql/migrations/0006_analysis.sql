-- Where analysts look: a schema of views for psql, Metabase, Superset and spreadsheets. The views are routines
-- (sql/routines/analysis), because they are applied again when they change.

create schema analysis authorization fisc_owner;
comment on schema analysis is 'For analysts: the books in words and decimal amounts, each reader''s own entities only. Read-only: docs/analysis.md.';
grant usage on schema analysis to fisc_reader;
