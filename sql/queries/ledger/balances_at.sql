-- Turnovers by coding and period at a past moment, folded from the lines.
-- in: int4, int4, date (null: any), int8 (null: any), int4[] (null: every entity)
-- out: coding_id int4, period int4, debit int8, credit int8
-- by: load_sums, ledger/reader.c
select coding_id, period, sum(greatest(amount, 0))::int8 as debit, sum(greatest(-amount, 0))::int8 as credit
  from (select period, unnest(coding) as coding_id, unnest(amount) as amount
          from ledger.entry
         where book_id = $1 and period <= $2
           and ($3::date is null or effective <= $3) and ($4::int8 is null or batch_no <= $4)
           and ($5::int4[] is null or entity_id = any ($5))) lines
 group by 1, 2
 order by 1, 2
