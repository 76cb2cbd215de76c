# Borrowing (4011 domestic, 4012 external), repayment (4021, 4022, negative) and what else moved the
# city's money: other settlements and exchange differences. Counted from January. The file is a tree
# in one list; the rows of four digits are taken.

[file]
name = debts.csv
order = 5
source = kyiv/debts
currency = UAH
key = {period}/{code}
steps = Financing

[columns]
period = REP_PERIOD
fund = FUND_TYP
code = COD_FINA
title = NAME_FIN
amount = FAKT_AMT

[amounts]
amount = plus

# 6021 and 6022 are the money at the begin and the end, 6024 moves it between the funds.
[skip]
fund = C;S
code = 400;401000;401101;401102;401103;401201;402000;402101;402103;402201;600;602000;6021;6022;602300;6024

[cumulative]
within = {code}
restart = {period:4}
by = period

[value gfs]
map = ua_budget_to_gfsm2014.csv
of = {code}
prefix = prefix
result = gfsm2014
where table = financing

[value holder]
map = holders.csv
of = {gfs}
prefix = prefix
result = holder
missing = empty

# An exchange difference on money is a holding gain and no receipt.
[value is_gain]
text = yes
only gfs = 4

[value is_flow]
text = yes
unless gfs = 4

[dimensions liability]
counterparty_entity = {holder}
economic = {code}

[dimensions money]
counterparty_entity = TREASURY
cash_code = {gfs}
cash_counterparty = {holder}

[dimensions gain]
counterparty_entity = TREASURY

[entry financing]
step = Financing
reference = {code}/{period}
entity = KYIV
date = {period}
document = {code}
memo = {title}
amount = amount
when = {is_flow}
debit = 3202
debit_dimensions = money
credit = {gfs}
credit_dimensions = liability

[entry gain]
step = Financing
reference = {code}/{period}/gain
entity = KYIV
date = {period}
document = {code}
memo = {title}
amount = amount
when = {is_gain}
debit = {gfs}
debit_dimensions = gain
credit = 4
