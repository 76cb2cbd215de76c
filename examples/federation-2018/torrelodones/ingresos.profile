# The revenue budget of Torrelodones 2018 as voted: no execution.

[file]
name = ../published/torrelodones/ingresos.csv
order = 2
source = torrelodones-2018/ingresos
currency = EUR
key = {economic}
steps = Estimates

[columns]
economic = Concepto
text = Descripción
initial = Crédito

[amounts]
initial = plus

[totals]
rows = 67
initial = 27764124

[compare initial]
amount = initial
profile = gastos.profile
with = initial
text = initial revenue and initial expenditure differ
unit = TORRELODONES

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
weigh = initial

[dimensions budget]
gfs_code = {gfs}
economic = {economic}

[entry estimate]
step = Estimates
reference = TORRELODONES/{economic}/estimate
entity = TORRELODONES
date = 2018-01-01
document = TORRELODONES/{economic}
memo = {text}
amount = initial
move = estimate > outstanding
move_dimensions = budget
