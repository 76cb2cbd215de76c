-- Why a run was quarantined.
-- in: int4, int8
-- out: file text, line int4, field text, code text, detail text
-- by: fisc_flow_feeder_rejects, app/flows/feeder_look.c
select j.file, j.line, j.field, j.code, j.detail from intake.reject j where j.book_id = $1 and j.run_id = $2 order by j.ordinal
