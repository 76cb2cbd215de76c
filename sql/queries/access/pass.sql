-- A pass for a session of one's own: the setting fisc.pass.
-- in: text[], int4
-- out: pass text
-- by: make_pass, app/cli/command_sql.c
select access.make_pass($1, $2) as pass
