# Obligations of Castilla-La Mancha 2018: one row for each section, body, programme and item. The
# header is as in ejecucion_ingresos.profile. Neither the credits nor the payments are published, so
# an obligation moves no budget: it is an expense (or an asset, or debt repaid) and a payable.

[file]
name = ../published/clm/ejecucion_gastos.csv
order = 3
source = clm-2018/ejecucion_gastos
currency = EUR
header = no
fields = 19
key = {section}/{body}/{programme}/{economic}
steps = Obligations

[columns]
section = 1
body = 3
programme = 9
economic = 17
text = 18
obligation = 19

[skip]
section = #Sección

[amounts]
obligation = plus

[totals]
rows = 3921
obligation = 9013614866.35

[value unit]
map = units.csv
of = {section}
prefix = section
result = unit

[value gfs]
map = ../../maps/es_economic_to_gfsm2014.csv
of = {economic}
title = {text}
prefix = prefix
result = gfsm2014
where scope = all;region
where side = G
missing = suspense
suspense = 2
weigh = obligation

[value function]
map = ../../maps/es_functional_to_cofog.csv
of = {programme}
prefix = prefix
result = cofog_division
where scope = region
only economic = 1;2;3;4;5;6;7

[value counterparty]
map = ../maps/counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where scope = region
where side = G
missing = empty

[dimensions expenditure]
cofog = {function}
section = {section}
programme = {programme}
economic = {economic}
counterparty_entity = {counterparty}

[dimensions payable]
counterparty_entity = {counterparty}

[entry obligation]
step = Obligations
reference = {unit}/{section}/{body}/{programme}/{economic}/obligation
entity = {unit}
date = 2018-12-31
document = {unit}/{section}/{programme}/{economic}
memo = {text}
amount = obligation
debit = {gfs}
debit_dimensions = expenditure
credit = 3308
credit_dimensions = payable
