# Execution of the revenue budget 2018: one row for each unit and economic class. Amounts may be
# negative: refunds of what closed years collected.

[file]
name = ejecucion_ingresos.csv
order = 2
source = madrid-2018/ejecucion_ingresos
encoding = CP1252
separator = ;
decimal_mark = ,
group_mark = .
currency = EUR
key = {unit}/{economic}
steps = Estimates;Changes of estimates;Recognized;Collected

[columns]
unit = Centro
economic = Economico
description = Descripcion Economico
initial = PREV.INICIAL
change = MODIFICACIONES
final = PREV.DEFINITIV
recognized = D. RECON.NETOS
collected = RECAUDADO

[amounts]
initial = plus
change = plus
final = plus
recognized = plus
collected = plus

[totals]
rows = 235
initial = 5034807687
change = 1130518140.22
final = 6165325827.22
recognized = 5405478850.26
collected = 4868400689.24

[check final]
zero = initial + change - final
text = initial estimate and change differ from the final estimate
otherwise = remark
unit = {unit}

# The budget is balanced by law; as published, the final figures are not quite.
[compare final]
amount = final
profile = gastos.profile
with = final
text = final revenue and final expenditure differ
unit = CITY

# "" for the accumulated cash surplus used (870): it finances, but is no flow.
[value gfs]
map = ../maps/es_economic_to_gfsm2014.csv
of = {economic}
title = {description}
prefix = prefix
result = gfsm2014
where scope = all;local
where side = I

[value cash_row]
cash_row = {gfs}

[value counterparty]
map = counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where side = I
missing = empty

[value budget_line]
text = {unit}/{economic}

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
entity = {unit}
date = 2018-01-01
document = {budget_line}
memo = {description}
amount = initial
move = estimate > outstanding
move_dimensions = budget

[entry change]
step = Changes of estimates
reference = {budget_line}/change
entity = {unit}
date = 2018-12-31
document = {unit}/supplement
memo = {description}
amount = final - initial
move = estimate_change > outstanding
move_dimensions = budget

[entry recognition]
step = Recognized
reference = {budget_line}/recognition
entity = {unit}
date = 2018-12-31
document = {budget_line}
memo = {description}
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
entity = {unit}
date = 2018-12-31
document = {budget_line}
memo = {description}
amount = collected
debit = 3202
debit_dimensions = cash
credit = 3208
credit_dimensions = receivable
move = recognition > collection
move_dimensions = budget
