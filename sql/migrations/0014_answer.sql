-- The digest of an answer is checked by its length and its letters: a pattern of 64 repetitions cost more than the rest
-- of the row.
set local role fisc_owner;

alter table server.answer drop constraint answer_digest_check;
alter table server.answer add constraint answer_digest_check check (octet_length(digest) = 64 and digest !~ '[^0-9a-f]');
