-- Documents, the newest first, before one; in a state, of an entity, of a maker, or without one person's hand; the payload of feeds.
-- in: int4, int4 (null: from the newest), text (null: any), text (null: any), text (null: any), text (null: all), int4
-- out: number int4, document text, state text, action text, entity text, maker text, needs text, approved_by text, reason text, digest text, payload text
-- by: fisc_flow_document_browse, app/flows/browse_document.c
select m.number, m.subject as document, d.f ->> 'state' as state, d.f ->> 'action' as action, d.f ->> 'entity' as entity,
       d.f ->> 'maker' as maker, d.f ->> 'needs' as needs, nullif(d.f ->> 'approved_by', '') as approved_by,
       d.f ->> 'reason' as reason, d.f ->> 'digest' as digest,
       case when d.f ->> 'action' = 'feed' then d.f ->> 'payload' end as payload
  from ledger.master m
       cross join lateral (select jsonb_object(m.fields) as f offset 0) d -- a document's fields are taken apart once
 where m.book_id = $1 and m.kind = 'document' and ($2::int4 is null or m.number < $2)
   -- Most documents are done: that a word is nowhere among the fields is found out in a tenth of the time.
   and ($3::text is null or $3 = any (m.fields)) and ($4::text is null or $4 = any (m.fields)) and ($5::text is null or $5 = any (m.fields))
   and ($3::text is null or d.f ->> 'state' = $3) and ($4::text is null or d.f ->> 'entity' = $4) and ($5::text is null or d.f ->> 'maker' = $5)
   and ($6::text is null
        or (d.f ->> 'maker' <> $6
            and $6 <> all (string_to_array(coalesce(d.f ->> 'approved_by', ''), ' '))))
 order by m.number desc
 limit $7
