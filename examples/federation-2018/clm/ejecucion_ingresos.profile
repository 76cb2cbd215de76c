# Recognized revenue of Castilla-La Mancha 2018: one row for each section, body and item. Eight rows
# are negative (refunds, settlements of closed years). The header names codes and leaves the columns
# of their words without a name, so columns are counted and the header is skipped. What was collected
# is not published.

[file]
name = ../published/clm/ejecucion_ingresos.csv
order = 2
source = clm-2018/ejecucion_ingresos
currency = EUR
header = no
fields = 13
key = {section}/{body}/{economic}
steps = Recognized

[columns]
section = 1
body = 3
economic = 11
text = 12
recognized = 13

[skip]
section = #Sección

[amounts]
recognized = plus

[totals]
rows = 357
recognized = 9066316943.49

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
weigh = recognized

[value counterparty]
map = ../maps/counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where scope = region
where side = I
missing = empty

[dimensions budget]
gfs_code = {gfs}
section = {section}
economic = {economic}

[dimensions revenue]
section = {section}
economic = {economic}
counterparty_entity = {counterparty}

[dimensions receivable]
counterparty_entity = {counterparty}

[entry recognition]
step = Recognized
reference = {unit}/{section}/{body}/{economic}/recognition
entity = {unit}
date = 2018-12-31
document = {unit}/{section}/{economic}
memo = {text}
amount = recognized
debit = 3208
debit_dimensions = receivable
credit = {gfs}
credit_dimensions = revenue
move = outstanding > recognition
move_dimensions = budget
