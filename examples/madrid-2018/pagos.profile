# Payments of 2018: one row each, without header, dates or document numbers. Equal rows are real: the
# number of the row is what tells them apart. Leading zeros are lost in a few rows. A payment pays what
# the expenditure file says is owed under its key; what exceeds that pays an obligation of closed years,
# which is then shown as an opening payable.

[file]
name = pagos.csv
order = 3
source = madrid-2018/pagos
header = no
fields = 7
currency = EUR
steps = Payables of closed years;Payments

# our name = number of the field
[columns]
organic = 1
programme = 2
economic = 3
text = 4
payee_id = 5
payee = 6
amount = 7

[pad]
organic = 6
programme = 5
economic = 5

[amounts]
amount = plus

[totals]
rows = 31500
amount = 3562396980.10

[value unit]
text = {organic:3}

[value section]
text = {organic:4-6}

[value budget_line]
text = {unit}/{section}/{programme}/{economic}

[value gfs]
map = ../maps/es_economic_to_gfsm2014.csv
of = {economic}
prefix = prefix
result = gfsm2014
where scope = all;local
where side = G

[value cash_row]
cash_row = {gfs}

[value function]
map = ../maps/es_functional_to_cofog.csv
of = {programme}
prefix = prefix
result = cofog_division
where scope = local
only economic = 1;2;3;4;5;6;7

[value counterparty]
map = counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where side = G
missing = empty

[dimensions budget]
gfs_code = {gfs}
cofog = {function}
section = {section}
programme = {programme}
economic = {economic}

[dimensions payable]
counterparty_entity = {counterparty}

[dimensions cash]
cash_code = {cash_row}
cash_counterparty = {counterparty}

# The key of gastos.profile; entries of the excess are made once for each key.
[relief]
profile = gastos.profile
amount = obligation
key = {budget_line}
entry = closed_years

[entry closed_years]
step = Payables of closed years
reference = closed-years/{budget_line}
entity = {unit}
date = 2018-01-01
document = {budget_line}
memo = Opening payable: obligations of closed years, as told by payments of 2018 beyond the obligations of 2018
amount = excess
debit = 6
credit = 6308
credit_dimensions = payable

[entry payment]
step = Payments
reference = {file}/{row}
entity = {unit}
date = 2018-12-31
document = {budget_line}
memo = {text} ({payee_id} {payee})
amount = amount
relieves = yes
debit = 3308
debit_dimensions = payable
credit = 3202
credit_dimensions = cash
move = obligation > payment
move_dimensions = budget
