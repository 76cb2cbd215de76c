-- Accounts by code, behind one, whose code begins with each of some words or whose name contains it; so many at most.
-- in: int4, text (null: from the first), text[] (null: any), int4
-- out: account text, name text, class text, gfs text, stage text
-- by: fisc_flow_account_list, app/flows/browse.c
select a.account, a.f ->> 'name' as name, a.f ->> 'class' as class, nullif(a.f ->> 'gfs', '') as gfs,
       nullif(a.f ->> 'stage', '') as stage
  from (select subject as account, jsonb_object(fields) as f
          from ledger.master
         where book_id = $1 and kind = 'account') a
 where ($2::text is null or a.account collate "C" > $2)
   and not exists (select
                     from unnest($3::text[]) w
                    where not starts_with(lower(a.account), lower(w))
                      and strpos(lower(a.f ->> 'name'), lower(w)) = 0)
 order by a.account collate "C"
 limit $4
