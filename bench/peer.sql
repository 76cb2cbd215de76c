-- What fisc is measured against: a ledger as a careful team writes it in plain SQL. Rows of balances and
-- budget lines are locked and updated for every entry; an idempotency key, balanced sides, funds and
-- balances are checked and kept as fisc does. Two clients of the same tables: statement by statement
-- (peer.c) and in one call of peer.post_journal.

create schema peer;

create sequence peer.journal_number;

create table peer.journal (
  journal_id bigint      primary key,
  reference  text        not null unique,
  unit       int         not null,
  period     int         not null,
  status     smallint    not null, -- 1 posted, 2 refused for funds
  posted_at  timestamptz not null default now()
);

create table peer.line (
  journal_id bigint not null,
  line       int    not null,
  unit       int    not null,
  account    int    not null,
  fund       int    not null,
  programme  int    not null,
  amount     bigint not null,
  period     int    not null,
  memo       text,
  primary key (journal_id, line)
);
create index line_account on peer.line (account, period);

-- Rows that change all the time: room for new versions on the same page.
create table peer.balance (
  unit      int    not null,
  account   int    not null,
  fund      int    not null,
  programme int    not null,
  period    int    not null,
  debit     bigint not null,
  credit    bigint not null,
  primary key (unit, account, fund, programme, period)
) with (fillfactor = 50, autovacuum_vacuum_cost_delay = 0);

create table peer.budget (
  budget_id int    primary key,
  available bigint not null,
  spent     bigint not null
) with (fillfactor = 50, autovacuum_vacuum_cost_delay = 0);

-- The rows of peer.line again, for COPY alone.
create table peer.copied (like peer.line);
alter table peer.copied add primary key (journal_id, line);
create index copied_account on peer.copied (account, period);

-- Design 2: everything in one call. p_budget is -1 for lines that draw on no budget line.
-- Returns 1 posted, 2 refused for funds, 3 unbalanced; for a known reference its first answer.
create function peer.post_journal(
  p_reference text, p_unit int, p_period int, p_account int[], p_fund int[], p_programme int[], p_amount bigint[],
  p_budget int[])
returns int
language plpgsql as $$
declare
  v_journal   bigint;
  v_status    int := 1;
  v_available bigint;
  v_need      record;
begin
  if (select sum(a) from unnest(p_amount) a) <> 0 then
    return 3;
  end if;
  select status into v_status from peer.journal where reference = p_reference;
  if found then
    return v_status;
  end if;
  v_status := 1;
  for v_need in
    select b as budget_id, sum(a) as amount from unnest(p_budget, p_amount) u (b, a) where b >= 0 group by b order by b
  loop
    select available into v_available from peer.budget where budget_id = v_need.budget_id for update;
    if v_available < v_need.amount then
      v_status := 2;
      exit;
    end if;
  end loop;
  v_journal := nextval('peer.journal_number');
  insert into peer.journal values (v_journal, p_reference, p_unit, p_period, v_status);
  if v_status = 1 then
    for v_need in
      select b as budget_id, sum(a) as amount from unnest(p_budget, p_amount) u (b, a) where b >= 0 group by b order by b
    loop
      update peer.budget set available = available - v_need.amount, spent = spent + v_need.amount
       where budget_id = v_need.budget_id;
    end loop;
    insert into peer.line
      select v_journal, n, p_unit, account, fund, programme, amount, p_period, 'Payment voucher 0000'
        from unnest(p_account, p_fund, p_programme, p_amount) with ordinality u (account, fund, programme, amount, n);
    insert into peer.balance
      select p_unit, account, fund, programme, p_period, sum(greatest(amount, 0)), sum(greatest(-amount, 0))
        from unnest(p_account, p_fund, p_programme, p_amount) u (account, fund, programme, amount)
       group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
      on conflict (unit, account, fund, programme, period) do update
        set debit = peer.balance.debit + excluded.debit, credit = peer.balance.credit + excluded.credit;
  end if;
  return v_status;
end $$;
