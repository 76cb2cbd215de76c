-- One second factor confirms a list of acts (docs/decisions/0032-one-factor-for-a-list.md): a row for each of them.
set local role fisc_owner;

alter table identity.step_up drop constraint step_up_pkey;
alter table identity.step_up add primary key (digest, action);
comment on table identity.step_up is 'Acts that a second factor was shown for, a row for each. A row goes when its act is done.';
comment on column identity.step_up.digest is 'SHA-256 of the 256 random bits that were handed out: the same for all acts of a list.';
comment on column identity.step_up.action is 'SHA-256 of what is approved.';
comment on column identity.challenge.purpose is 'register: a new passkey; sign_in; step_up: the confirmation of acts.';
comment on column identity.challenge.action is 'step_up: SHA-256 of the list of what is approved; the challenge is made of it.';

-- Its routine is made anew: what it takes has another name.
drop function if exists identity.open_step_up(int, text, bytea, bytea, bytea, int);
