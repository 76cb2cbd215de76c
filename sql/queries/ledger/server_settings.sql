-- What a database server says of itself that durability and backups depend on.
-- in: none
-- out: name text, value text
-- by: examine_server, app/cli/doctor_database.c
select name, setting as value
  from pg_settings
 where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'archive_mode', 'server_version')
union all
select 'archiver', case when last_failed_time > coalesce(last_archived_time, '-infinity') then last_failed_wal else 'works' end
  from pg_stat_archiver
union all
select 'clock_us', ((extract(epoch from clock_timestamp()) * 1000000)::int8)::text
 order by name
