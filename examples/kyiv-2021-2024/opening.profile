# The city's money when the first year begins. Later years begin with what the year before ended with.

[file]
name = debts.csv
order = 1
source = kyiv/opening
currency = UAH
steps = Opening

[columns]
period = REP_PERIOD
fund = FUND_TYP
code = COD_FINA
title = NAME_FIN
amount = FAKT_AMT

[amounts]
amount = plus

[skip]
period = 2021-02;2021-03;2021-04;2021-05;2021-06;2021-07;2021-08;2021-09;2021-1;2022;2023;2024
fund = C;S
code = 4;600;6020;6022;6023;6024

[totals]
rows = 1
amount = 4083656541.34

[dimensions money]
counterparty_entity = TREASURY

[entry opening]
step = Opening
reference = opening
entity = KYIV
date = 2021-01-01
memo = {title}
amount = amount
debit = 6202
debit_dimensions = money
credit = 6
