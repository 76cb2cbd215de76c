# Execution of the revenue budget of Pinto 2018, with the town's own total below, which is checked and
# is no row. What was collected is not published.

[file]
name = ../published/pinto/ejecucion_ingresos.csv
order = 3
source = pinto-2018/ingresos
currency = EUR
key = {economic}
steps = Estimates;Changes of estimates;Recognized

[columns]
economic = #Clasificación
text = DENOMINACIÓN DE LAS APLICACIONES
initial = Previsiones Iniciales
change = Modificaciones
final = Previsiones Definitivas
recognized = Derechos Netos

[amounts]
initial = plus
change = plus
final = plus
recognized = plus

[total_row]
economic = #

[totals]
rows = 77
initial = 41711496.68
change = 4451133.94
final = 46162630.62
recognized = 43672686.67

[check final]
zero = initial + change - final
text = initial estimate and change differ from the final estimate
otherwise = refuse

[compare initial]
amount = initial
profile = gastos.profile
with = initial
text = initial revenue and initial expenditure differ
unit = PINTO

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
weigh = recognized

[value counterparty]
map = ../maps/counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where scope = local
where side = I
missing = empty

[value budget_line]
text = PINTO/{economic}

[dimensions budget]
gfs_code = {gfs}
economic = {economic}

[dimensions revenue]
economic = {economic}
counterparty_entity = {counterparty}

[dimensions receivable]
counterparty_entity = {counterparty}

[entry estimate]
step = Estimates
reference = {budget_line}/estimate
entity = PINTO
date = 2018-01-01
document = {budget_line}
memo = {text}
amount = initial
move = estimate > outstanding
move_dimensions = budget

[entry change]
step = Changes of estimates
reference = {budget_line}/change
entity = PINTO
date = 2018-12-31
document = {budget_line}
memo = {text}
amount = change
move = estimate_change > outstanding
move_dimensions = budget

[entry recognition]
step = Recognized
reference = {budget_line}/recognition
entity = PINTO
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
