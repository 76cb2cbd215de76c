-- How far a run came.
-- in: int4, int8
-- out: stage text, at text, detail text
-- by: fisc_flow_feeder_stages, app/flows/feeder_look.c
select s.stage, to_char(s.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') as at, s.detail
  from intake.stage s where s.book_id = $1 and s.run_id = $2 order by s.at
