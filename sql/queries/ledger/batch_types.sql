-- Numbers of the composite types that carry a batch.
-- in: none
-- out: oid x 8 as int8
-- by: fisc_batch_types_load, ledger/batch.c
select 'ledger.new_coding'::regtype::oid::int8, 'ledger.new_coding[]'::regtype::oid::int8,
       'ledger.happening'::regtype::oid::int8, 'ledger.happening[]'::regtype::oid::int8,
       'ledger.rejection'::regtype::oid::int8, 'ledger.rejection[]'::regtype::oid::int8,
       'ledger.posting'::regtype::oid::int8, 'ledger.posting[]'::regtype::oid::int8
