# Payments of the city by economic class, month by month, counted from January.

[file]
name = expenses.csv
order = 3
source = kyiv/expenses
currency = UAH
key = {period}/{code}
steps = Payments

[columns]
period = REP_PERIOD
fund = FUND_TYP
code = COD_CONS_EK
title = COD_CONS_EK_NAME
paid = FAKT_AMT

[amounts]
paid = plus

[skip]
fund = C;S

[totals]
rows = 1495

[cumulative]
within = {code}
restart = {period:4}
by = period

# "" for 9000, the unallocated reserve: nothing is ever paid under it.
[value gfs]
map = ua_budget_to_gfsm2014.csv
of = {code}
prefix = prefix
result = gfsm2014
where table = expenses

[value cash]
cash_row = {gfs}

[value payee]
text = STATE
only gfs = 26

[dimensions expense]
counterparty_entity = {payee}
economic = {code}

[dimensions money]
counterparty_entity = TREASURY
cash_code = {cash}
cash_counterparty = {payee}

[entry payment]
step = Payments
reference = {code}/{period}
entity = KYIV
date = {period}
document = {code}
memo = {title}
amount = paid
when = {gfs}
debit = {gfs}
debit_dimensions = expense
credit = 3202
credit_dimensions = money
