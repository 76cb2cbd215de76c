-- The batch that interned a coding.
-- in: int4, int4
-- out: batch_no int8, coding_id int8
-- by: want_coding, ledger/proof_build.c
select batch_no, $2::bigint as coding_id
  from ledger.batch
 where book_id = $1 and first_coding <= $2 and $2 < first_coding + coding_count
