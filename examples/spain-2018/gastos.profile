# Expenditure of the State budget 2018: a list in which chapters, articles, concepts and items stand
# below each other, each the sum of those below it. The leaves are taken, so that each euro counts once.

[file]
name = gastos.csv
order = 1
separator = ;
currency = EUR

[columns]
year = EJERCICIO
unit = CENTRO GESTOR
programme = FUNCIONAL
economic = ECONOMICA
item = ITEM
text = DESCRIPCION
amount = IMPORTE

[amounts]
amount = plus

# A concept may carry its section behind a slash (420/07001): the first three digits are the concept.
[tree]
within = {unit}/{programme}
levels = {economic:1};{economic:2};{economic:3};{economic:3}{item}
take = leaves
amounts = amount
otherwise = refuse

[totals]
rows = 14589
amount = 478537653090

# What current transfers to households are depends on who pays them: of Social Security they are
# pensions and other benefits.
[value benefits]
map = ../maps/es_economic_to_gfsm2014.csv
of = {economic:2}
prefix = prefix
result = gfsm2014
where scope = pge_ss
where side = G
missing = empty
only unit = 60

[value general]
map = ../maps/es_economic_to_gfsm2014.csv
of = {economic:2}
prefix = prefix
result = gfsm2014
where scope = all;state
where side = G
unless benefits = 1;2;3;4;5;6;7;8;9

[value gfs]
text = {benefits}{general}

[value function]
map = ../maps/es_functional_to_cofog.csv
of = {programme}
prefix = prefix
result = cofog_division
where scope = state
only economic = 1;2;3;4;5;6;7

# Programme 000X is what the subsectors pay each other.
[value receiver]
map = internal_counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where side = G
only programme = 000X

[line expenditure]
line = {programme}.{economic:3}{item}
entity = {unit}
year = {year}
side = expenditure
counterparty_entity = {receiver}
cofog = {function}
gfs_code = {gfs}
section = {unit:2}
programme = {programme}
economic = {economic:3}{item}
title = {text}
nature = continuing
request = amount
