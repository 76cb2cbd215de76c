# Revenue of the State budget 2018: the same tree without programmes. Concepts are taken, not items:
# one item is a deduction (98001/100/99, the share of income tax assigned to the Catholic Church), and a
# budget promises no negative revenue. Its concept is the net amount.

[file]
name = ingresos.csv
order = 2
separator = ;
currency = EUR

[columns]
year = EJERCICIO
unit = CENTRO GESTOR
economic = ECONOMICA
item = ITEM
text = DESCRIPCION
amount = IMPORTE

[amounts]
amount = plus

[tree]
within = {unit}
levels = {economic:1};{economic:2};{economic:3};{economic:3}{item}
take = 3
amounts = amount
otherwise = refuse

[totals]
rows = 966
amount = 343558426360

[value gfs]
map = ../maps/es_economic_to_gfsm2014.csv
of = {economic:2}
prefix = prefix
result = gfsm2014
where scope = all;state
where side = I

# Articles 40 to 43 and 70 to 73 are what the subsectors receive from each other.
[value payer]
map = internal_counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where side = I
only economic = 40;41;42;43;70;71;72;73

[line revenue]
line = I.{economic:3}
entity = {unit}
year = {year}
side = revenue
counterparty_entity = {payer}
gfs_code = {gfs}
section = {unit:2}
economic = {economic:3}
title = {text}
nature = continuing
request = amount
