-- Turnovers by coding and period at a past batch: those of the checkpoint, less what came behind the batch.
-- in: int4, int4, int8 (last entry of the batch), int4[] (null: every entity)
-- out: coding_id int4, period int4, debit int8, credit int8
-- by: load_sums, ledger/reader.c
select coding_id, period, sum(debit)::int8 as debit, sum(credit)::int8 as credit
  from (select coding_id, period, debit, credit
          from ledger.balance
         where book_id = $1 and period <= $2 and ($4::int4[] is null or entity_id = any ($4))
        union all
        -- Folded already, but younger: taken out again. Not folded yet, but as old: put in.
        select coding_id, period, side * greatest(amount, 0), side * greatest(-amount, 0)
          from (select e.period, unnest(e.coding) as coding_id, unnest(e.amount) as amount,
                       case when e.entry_id > $3 then -1 else 1 end as side
                  from ledger.checkpoint c
                  join ledger.entry e on e.book_id = c.book_id
                   and e.entry_id > least(c.upto_entry, $3) and e.entry_id <= greatest(c.upto_entry, $3)
                 where c.book_id = $1 and e.period <= $2 and ($4::int4[] is null or e.entity_id = any ($4))) line
       ) turnover
 group by 1, 2
having sum(debit) <> 0 or sum(credit) <> 0
 order by 1, 2
