-- Reads of what is sensitive, newest first, from before one on.
-- in: int4, text (null: anybody), text (null: any unit), int8 (null: the newest), int4
-- out: read_id int8, at text, person text, session text, operation text, path text, entity text, status int4, row_count int8, bytes int8, request_id text
-- by: fisc_flow_reads, app/flows/reads.c
select read_id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, person, session, operation, path, entity,
       status, row_count, bytes, request_id
  from access.read
 where book_id = $1 and ($2::text is null or person = $2) and ($3::text is null or entity = $3)
   and ($4::int8 is null or read_id < $4)
 order by read_id desc
 limit $5
