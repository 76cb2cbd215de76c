# The expenditure budget of Torrelodones 2018 as voted: no execution. Eight rows without an amount are
# skipped; two lines stand twice, with an amount each time.

[file]
name = ../published/torrelodones/gastos.csv
order = 1
source = torrelodones-2018/gastos
currency = EUR
steps = Appropriations

[columns]
programme = Programa
economic = Económica
text = Descripción
initial = Inicial

[skip]
initial =

[amounts]
initial = plus

[totals]
rows = 584
initial = 27764124

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
weigh = initial

[value function]
map = ../../maps/es_functional_to_cofog.csv
of = {programme}
prefix = prefix
result = cofog_division
where scope = local
only economic = 1;2;3;4;5;6;7

[value budget_line]
text = TORRELODONES/{programme}/{economic}

[dimensions budget]
gfs_code = {gfs}
cofog = {function}
programme = {programme}
economic = {economic}

[entry appropriation]
step = Appropriations
reference = {budget_line}/{row}/appropriation
entity = TORRELODONES
date = 2018-01-01
document = {budget_line}
memo = {text}
amount = initial
move = appropriation > available
move_dimensions = budget
keeps_zero = yes
