# Loans that the city gives (4112) and gets back (4122, 4123, negative), counted from January.

[file]
name = credits.csv
order = 4
source = kyiv/credits
currency = UAH
key = {period}/{code}
steps = Lending

[columns]
period = REP_PERIOD
fund = FUND_TYP
code = COD_CRED_KK
title = COD_CRED_KK_NAME
lent = FAKT_AMT

[amounts]
lent = plus

[skip]
fund = C;S

[totals]
rows = 129

[cumulative]
within = {code}
restart = {period:4}
by = period

[value gfs]
map = ua_budget_to_gfsm2014.csv
of = {code}
prefix = prefix
result = gfsm2014
where table = credits

[dimensions loan]
counterparty_entity = ENTERPRISES
economic = {code}

[dimensions money]
counterparty_entity = TREASURY
cash_code = {gfs}
cash_counterparty = ENTERPRISES

[entry loan]
step = Lending
reference = {code}/{period}
entity = KYIV
date = {period}
document = {code}
memo = {title}
amount = lent
debit = {gfs}
debit_dimensions = loan
credit = 3202
credit_dimensions = money
