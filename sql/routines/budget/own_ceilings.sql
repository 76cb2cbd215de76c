-- Ceilings stand in one text for all units, which only who sees the whole book reads. Whoever sees some units
-- reads the rows that name one of them as a whole: not a prefix over several, and nothing quoted.
create or replace function budget.own_ceilings(p_book int, p_version text) returns text
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
  select string_agg(r.line, chr(10) order by r.n) || chr(10)
    from ledger.master m
    join budget.content c on c.digest = decode(m.fields[array_position(m.fields, 'content') + 1], 'hex')
   cross join lateral unnest(string_to_array(c.body, chr(10))) with ordinality r(line, n)
   where m.book_id = p_book and m.kind = 'case' and m.subject = 'budget_table/' || p_version || '/ceilings'
     and m.fields[array_position(m.fields, 'content') + 1] ~ '^[0-9a-f]{64}$'
     and c.body like 'ceiling,entity,%'
     and (r.n = 1
          or (r.line not like '"%' and split_part(r.line, ',', 2) <> ''
              and split_part(r.line, ',', 2) = any (access.codes())))
$$;
revoke all on function budget.own_ceilings from public;
grant execute on function budget.own_ceilings to fisc_poster, fisc_reader;
comment on function budget.own_ceilings is 'The ceilings of a version that are of one unit which the present context may see, as its text has them; null without any text.';
