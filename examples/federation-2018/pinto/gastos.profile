# Execution of the expenditure budget of Pinto 2018: one row for each organ, programme and economic
# class, and below them the town's own total, which is checked and is no row.

[file]
name = ../published/pinto/ejecucion_gastos.csv
order = 1
source = pinto-2018/gastos
currency = EUR
key = {organ}/{programme}/{economic}
steps = Appropriations;Changes;Obligations

[columns]
line_code = #
organ = Org.
programme = Prog.
economic = Econ.
text = DENOMINACIÓN DE LAS APLICACIONES
initial = Créditos Iniciales
change = Modificaciones
final = Créditos Totales
obligation = Obligaciones Reconocidas

[amounts]
initial = plus
change = plus
final = plus
obligation = plus

[total_row]
line_code = #

[totals]
rows = 553
initial = 41559000
change = 4451133.94
final = 46010133.94
obligation = 40962222.34

[check final]
zero = initial + change - final
text = initial credit and change differ from the final credit
otherwise = refuse

[value gfs]
map = ../../maps/es_economic_to_gfsm2014.csv
of = {economic}
title = {text}
prefix = prefix
result = gfsm2014
where scope = all;local
where side = G
missing = suspense
suspense = 2
weigh = obligation

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
text = PINTO/{organ}/{programme}/{economic}

[dimensions budget]
gfs_code = {gfs}
cofog = {function}
section = {organ}
programme = {programme}
economic = {economic}

[dimensions expenditure]
cofog = {function}
section = {organ}
programme = {programme}
economic = {economic}
counterparty_entity = {counterparty}

[dimensions payable]
counterparty_entity = {counterparty}

[entry appropriation]
step = Appropriations
reference = {budget_line}/appropriation
entity = PINTO
date = 2018-01-01
document = {budget_line}
memo = {text}
amount = initial
move = appropriation > available
move_dimensions = budget
keeps_zero = yes

[entry change]
step = Changes
reference = {budget_line}/change
entity = PINTO
date = 2018-12-31
document = PINTO/change
memo = {text}
amount = change
move = change > available
move_dimensions = budget

# Authorizations and commitments are not published: the credit becomes an obligation at once.
[entry obligation]
step = Obligations
reference = {budget_line}/obligation
entity = PINTO
date = 2018-12-31
document = {budget_line}
memo = {text}
amount = obligation
debit = {gfs}
debit_dimensions = expenditure
credit = 3308
credit_dimensions = payable
move = available > obligation
move_dimensions = budget
