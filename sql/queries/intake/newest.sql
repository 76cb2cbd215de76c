-- The newest version of each document of a feeder.
-- in: int4, text
-- out: document text, version int4, delivery_id int8, digest bytea, tag text, origin text, status text, signer text, received_at text, byte_count int8
-- by: fisc_intake_newest, app/flows/intake.c
select distinct on (d.document) d.document, d.version, d.delivery_id, d.digest, d.tag, d.origin, d.status, d.signer,
       to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received_at, d.byte_count
  from intake.delivery d
 where d.book_id = $1 and d.feeder = $2
 order by d.document, d.version desc
