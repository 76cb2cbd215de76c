# Receipts of the city by class of income, month by month, counted from January. Only the rows of
# both funds together (T) are taken: those of the general (C) and the special fund (S) are their parts.

[file]
name = incomes.csv
order = 2
source = kyiv/incomes
currency = UAH
key = {period}/{code}
steps = Receipts

[columns]
period = REP_PERIOD
fund = FUND_TYP
code = COD_INCO
title = NAME_INC
received = FAKT_AMT

[amounts]
received = plus

[skip]
fund = C;S

[totals]
rows = 4010

[cumulative]
within = {code}
restart = {period:4}
by = period

[value gfs]
map = ua_budget_to_gfsm2014.csv
of = {code}
prefix = prefix
result = gfsm2014
where table = incomes

[value cash]
cash_row = {gfs}

# Transfers come from the State and from other governments; the source does not part them.
[value payer]
text = STATE
only gfs = 13

[dimensions revenue]
counterparty_entity = {payer}
economic = {code}

[dimensions money]
counterparty_entity = TREASURY
cash_code = {cash}
cash_counterparty = {payer}

[entry receipt]
step = Receipts
reference = {code}/{period}
entity = KYIV
date = {period}
document = {code}
memo = {title}
amount = received
debit = 3202
debit_dimensions = money
credit = {gfs}
credit_dimensions = revenue
