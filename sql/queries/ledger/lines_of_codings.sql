-- Lines of some codings, in chain order, with the digest of what was submitted.
-- in: int4, int4, int4, date (null: any), int8 (null: any), int4[]
-- out: entry_id int8, line_no int4, coding_id int4, period int4, effective date, amount int8, reference text, document text, source text, memo text, batch_no int8, digest bytea, transfer text, corrects int8
-- by: fisc_coding_lines_stream, ledger/coding_lines.c
-- Of few codings, entries without any are dropped before their lines are made rows. Of many that would compare each line
-- with each coding, so there the lines are hashed against them.
select l.entry_id, l.line_no, l.coding_id, l.period, l.effective, l.amount, l.reference, l.document, s.subject as source,
       l.memo, l.batch_no, l.digest, l.transfer, coalesce(l.corrects, 0) as corrects
  from (select entry_id, generate_subscripts(coding, 1) as line_no, unnest(coding) as coding_id, period, effective,
               unnest(amount) as amount, reference, document, source_id, memo, batch_no, digest,
               transfer, corrects
          from ledger.entry
         where book_id = $1 and period between $2 and $3
           and ($4::date is null or effective <= $4) and ($5::int8 is null or batch_no <= $5)
           and (cardinality($6) > 32 or coding && $6)) l
  join (select distinct unnest($6) as coding_id) asked on asked.coding_id = l.coding_id
  join ledger.master s on s.book_id = $1 and s.kind = 'source' and s.number = l.source_id
 order by l.entry_id, l.line_no
