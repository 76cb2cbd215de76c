-- The ids of all entities of a book, as the setting fisc.entities wants them.
-- in: int4
-- out: ids text
-- by: list_entities, app/cli/command_sql.c
select coalesce(string_agg(number::text, ',' order by number), '') as ids
  from ledger.master
 where book_id = $1 and kind = 'entity'
