-- The newest record of every person, role, duty, grant and delegation.
-- in: int4
-- out: kind text, subject text, number int4, fields text[]
-- by: fisc_flow_registry, app/flows/person.c
select kind, subject, number, fields
  from ledger.master
 where book_id = $1
   and kind in ('person', 'duty', 'exclusion', 'conflict', 'approvals', 'policy', 'grant', 'delegation')
 order by kind, number
