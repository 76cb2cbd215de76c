-- The entities that have ever belonged to a group; nothing when there is no such group.
-- in: int4, text
-- out: entity text
-- by: is_group_seen, app/server/access.c
select distinct entity
  from (select unnest(string_to_array(jsonb_object(fields) ->> 'members', ' ')) as entity
          from ledger.master
         where book_id = $1 and kind = 'group' and subject = $2
        union all
        select jsonb_object(fields) ->> 'entity'
          from ledger.master
         where book_id = $1 and kind = 'membership' and starts_with(subject, $2 || '/')) member
 where entity <> ''
