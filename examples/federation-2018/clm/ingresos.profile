# The revenue budget of Castilla-La Mancha 2018: one row for each centre, item and fund. There is no
# published expenditure budget beside it.

[file]
name = ../published/clm/ingresos.csv
order = 1
source = clm-2018/ingresos
currency = EUR
steps = Estimates

[columns]
section = #Sección
body = O. Gestor
economic = Subconcepto
text = Des. Subconcepto
fund = Fondo
amount = Presupuesto 2018

[amounts]
amount = plus

[totals]
rows = 430
amount = 9219096050

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
where side = I
missing = suspense
suspense = 1
weigh = amount

[dimensions budget]
gfs_code = {gfs}
section = {section}
economic = {economic}

[entry estimate]
step = Estimates
reference = {file}/{row}
entity = {unit}
date = 2018-01-01
document = {unit}/{section}/{economic}
memo = {text}
amount = amount
move = estimate > outstanding
move_dimensions = budget
