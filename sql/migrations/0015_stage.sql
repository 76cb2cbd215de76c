-- Stages are written for runs that are on record by the routine that writes them: intake.reach, the only door. A
-- foreign key looked the run up once more for each stage, and locked it: a quarter of what PostgreSQL did for a document.
set local role fisc_owner;

alter table intake.stage drop constraint stage_book_id_run_id_fkey;
comment on column intake.stage.run_id is 'The run; intake.reach writes stages of runs that are on record, and runs are never deleted.';

do $$
begin
  if exists (select from intake.stage s where not exists (select from intake.run r where r.book_id = s.book_id and r.run_id = s.run_id)) then
    raise exception 'a stage is of no run';
  end if;
end $$;
