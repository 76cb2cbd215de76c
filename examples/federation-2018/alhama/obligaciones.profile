# The execution of Alhama's expenditure budget once more: what of a line's obligations the list of
# operations does not show, without a date, and the payments made on the line, likewise.

[file]
name = ../published/alhama/ejecucion_gastos.csv
order = 3
source = alhama-2018/obligaciones
currency = EUR
steps = Obligations without an operation;Payments

[columns]
programme = CODFUNCION
economic = CODECOPART
text = NOMPARTIDA
obligation = O
paid = RP

[amounts]
obligation = plus
paid = plus

[totals]
rows = 775
obligation = 23144835.30
paid = 20183784.28

[listed]
profile = pagos.profile
amount = amount
key = {programme}/{economic}

[value gfs]
map = ../../maps/es_economic_to_gfsm2014.csv
of = {economic}
prefix = prefix
result = gfsm2014
where scope = all;local
where side = G
missing = suspense
suspense = 2
weigh = obligation

[value cash_row]
cash_row = {gfs}

[value function]
map = ../../maps/es_functional_to_cofog.csv
of = {programme}
prefix = prefix
result = cofog_division
where scope = local
only economic = 1;2;3;4;5;6;7

[value counterparty]
map = ../maps/counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where scope = local
where side = G
missing = empty

[value budget_line]
text = ALHAMA/{programme}/{economic}

[dimensions budget]
gfs_code = {gfs}
cofog = {function}
programme = {programme}
economic = {economic}

[dimensions expenditure]
cofog = {function}
programme = {programme}
economic = {economic}
counterparty_entity = {counterparty}

[dimensions payable]
counterparty_entity = {counterparty}

[dimensions cash]
cash_code = {cash_row}
cash_counterparty = {counterparty}

[entry obligation]
step = Obligations without an operation
reference = {budget_line}/obligation
entity = ALHAMA
date = 2018-12-31
document = {budget_line}
memo = Obligations of the year less those listed by operation: {text}
amount = obligation - listed
debit = {gfs}
debit_dimensions = expenditure
credit = 3308
credit_dimensions = payable
move = commitment > obligation
move_dimensions = budget

[entry payment]
step = Payments
reference = {budget_line}/payment
entity = ALHAMA
date = 2018-12-31
document = {budget_line}
memo = {text}
amount = paid
debit = 3308
debit_dimensions = payable
credit = 3202
credit_dimensions = cash
move = obligation > payment
move_dimensions = budget
