-- How much each person may ask and take away within an hour.
-- in: none
-- out: person text, requests_hour int8, rows_hour int8, alarm_rows int8
-- by: load_limits, app/server/quota.c
select person, requests_hour, rows_hour, alarm_rows
  from access.quota
