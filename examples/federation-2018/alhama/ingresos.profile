# Execution of the revenue budget of Alhama de Murcia 2018. Recognized is net of what was annulled,
# collected is net of what was refunded.

[file]
name = ../published/alhama/ejecucion_ingresos.csv
order = 4
source = alhama-2018/ingresos
currency = EUR
key = {economic}
steps = Estimates;Changes of estimates;Recognized;Collected

[columns]
economic = CODECOCONC
text = NOMCONCEPT
initial = Inicial
change = Modifica
final = Actual
annulled = DRAnul
cancelled_rights = DRCanc
other_annulled = DROtrasAnul
recognized = DRNeto
gross = DR
other_receipts = OI
received = I
refunded = DevI
collected = INeto
balance = Saldo
debtors = Deudores

[amounts]
initial = plus
change = plus
final = plus
annulled = plus
cancelled_rights = plus
other_annulled = plus
recognized = plus
gross = plus
other_receipts = plus
received = plus
refunded = plus
collected = plus
balance = plus
debtors = plus

[round]
debtors = half_away

[totals]
rows = 136
initial = 21857809.97
change = 9629817.63
final = 31487627.60
annulled = 3547946.69
cancelled_rights = 0
other_annulled = 3547946.69
recognized = 23535191.07
gross = 27083137.76
other_receipts = 0
received = 22699163.73
refunded = 2684644.63
collected = 20014519.10
balance = 7952436.53
debtors = 3520671.97

[check final]
zero = initial + change - final
text = initial estimate and change differ from the final estimate
otherwise = refuse

[check recognized]
zero = gross - annulled - recognized
text = rights recognized and annulled differ from the net
otherwise = refuse

[check collected]
zero = received - refunded - collected
text = what was received and refunded differs from the net
otherwise = refuse

[compare initial]
amount = initial
profile = gastos.profile
with = initial
text = initial revenue and initial expenditure differ
unit = ALHAMA

[value gfs]
map = ../../maps/es_economic_to_gfsm2014.csv
of = {economic}
title = {text}
prefix = prefix
result = gfsm2014
where scope = all;local
where side = I
missing = suspense
suspense = 1
weigh = gross

[value cash_row]
cash_row = {gfs}

[value counterparty]
map = ../maps/counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where scope = local
where side = I
missing = empty

[value budget_line]
text = ALHAMA/{economic}

[dimensions budget]
gfs_code = {gfs}
economic = {economic}

[dimensions revenue]
economic = {economic}
counterparty_entity = {counterparty}

[dimensions receivable]
counterparty_entity = {counterparty}

[dimensions cash]
cash_code = {cash_row}
cash_counterparty = {counterparty}

[entry estimate]
step = Estimates
reference = {budget_line}/estimate
entity = ALHAMA
date = 2018-01-01
document = {budget_line}
memo = {text}
amount = initial
move = estimate > outstanding
move_dimensions = budget

[entry change]
step = Changes of estimates
reference = {budget_line}/change
entity = ALHAMA
date = 2018-12-31
document = {budget_line}
memo = {text}
amount = change
move = estimate_change > outstanding
move_dimensions = budget

[entry recognition]
step = Recognized
reference = {budget_line}/recognition
entity = ALHAMA
date = 2018-12-31
document = {budget_line}
memo = {text}
amount = recognized
debit = 3208
debit_dimensions = receivable
credit = {gfs}
credit_dimensions = revenue
move = outstanding > recognition
move_dimensions = budget

[entry collection]
step = Collected
reference = {budget_line}/collection
entity = ALHAMA
date = 2018-12-31
document = {budget_line}
memo = {text}
amount = collected
debit = 3202
debit_dimensions = cash
credit = 3208
credit_dimensions = receivable
move = recognition > collection
move_dimensions = budget
