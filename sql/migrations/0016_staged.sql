-- Where duties are enforced a run is staged before it is posted: a document waits in the chain for an officer's approval.
-- Which document that is stands on the run before it is proposed, so that whatever is killed in between finds it again.
set local role fisc_owner;

alter table intake.run drop constraint run_outcome_check;
alter table intake.run add constraint run_outcome_check
  check (outcome in ('running', 'staged', 'posted', 'unchanged', 'quarantined', 'superseded', 'failed'));
alter table intake.run add column document text not null default '';
comment on column intake.run.document is 'The document that was proposed for it, where duties are enforced; else empty.';
comment on column intake.run.outcome is 'running, staged (waits for approval), posted, unchanged (the books have it already), quarantined (refused as a whole), superseded (its document was withdrawn), failed (an outage).';
comment on column intake.run.posted is 'Entries posted; of a staged run: to be posted.';
comment on column intake.run.reversed is 'Entries reversed; of a staged run: to be reversed.';
create index run_document on intake.run (book_id, feeder, document) where document <> '';
comment on index intake.run_document is 'Serves intake.staged and intake.close_staged.';

alter table intake.stage drop constraint stage_stage_check;
alter table intake.stage add constraint stage_stage_check
  check (stage in ('received', 'parsed', 'mapped', 'validated', 'accepted', 'staged', 'quarantined', 'superseded', 'posted', 'acknowledged'));
comment on column intake.stage.stage is 'received, parsed, mapped, validated, accepted, staged where duties are enforced; posted, quarantined or superseded; acknowledged.';
