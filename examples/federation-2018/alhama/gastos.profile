# Execution of the expenditure budget of Alhama de Murcia 2018: one row for each programme and
# economic class. Here its credits and stages before the obligation; obligaciones.profile reads the
# same file for obligations and payments. Some columns were binary fractions once ("1.8e-12" is 0):
# they are rounded to the cent, and none of them by as much as a millionth.

[file]
name = ../published/alhama/ejecucion_gastos.csv
order = 1
source = alhama-2018/gastos
currency = EUR
key = {programme}/{economic}
steps = Appropriations;Changes;Authorizations;Commitments

[columns]
programme = CODFUNCION
economic = CODECOPART
text = NOMPARTIDA
initial = Inicial
final = Actual
authorized = A
committed = D
obligation = O
ordered = P
paid = RP
balance = Saldo
change = Modif
incorporated = RemIncorp
other_change = OtrasModif
retained = RC
remainder = Remanente
to_commit = Apendiente
to_oblige = Dpendiente
to_order = Opendiente
to_pay = Ppendiente
refunded = Reintegros
retained_credit = RetC

[amounts]
initial = plus
final = plus
authorized = plus
committed = plus
obligation = plus
ordered = plus
paid = plus
balance = plus
change = plus
incorporated = plus
other_change = plus
retained = plus
remainder = plus
to_commit = plus
to_oblige = plus
to_order = plus
to_pay = plus
refunded = plus
retained_credit = plus

[round]
final = half_away
balance = half_away
retained = half_away
remainder = half_away
to_commit = half_away
to_oblige = half_away
to_order = half_away
to_pay = half_away
retained_credit = half_away

[totals]
rows = 775
initial = 21857789.69
final = 31487607.32
authorized = 27578756.67
committed = 26410833.62
obligation = 23144835.30
ordered = 20192522.45
paid = 20183784.28
balance = 3778792.51
change = 9629817.63
incorporated = 5104386.81
other_change = 4525430.82
retained = 130058.14
remainder = 8342772.02
to_commit = 1167923.05
to_oblige = 3265998.32
to_order = 2952312.85
to_pay = 8738.17
refunded = 7444.19
retained_credit = 6284207.75

[check final]
zero = initial + change - final
text = initial credit and change differ from the final credit
otherwise = refuse

[check change]
zero = incorporated + other_change - change
text = what was incorporated and other changes differ from the change
otherwise = refuse

[check payments]
zero = ordered - paid - to_pay
text = payments ordered, made and pending differ
otherwise = remark

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
weigh = final

[value function]
map = ../../maps/es_functional_to_cofog.csv
of = {programme}
prefix = prefix
result = cofog_division
where scope = local
only economic = 1;2;3;4;5;6;7

[value budget_line]
text = ALHAMA/{programme}/{economic}

[dimensions budget]
gfs_code = {gfs}
cofog = {function}
programme = {programme}
economic = {economic}

[entry appropriation]
step = Appropriations
reference = {budget_line}/appropriation
entity = ALHAMA
date = 2018-01-01
document = {budget_line}
memo = {text}
amount = initial
move = appropriation > available
move_dimensions = budget
keeps_zero = yes

[entry incorporation]
step = Changes
reference = {budget_line}/incorporation
entity = ALHAMA
date = 2018-12-31
document = ALHAMA/incorporation
memo = Remainders of closed years incorporated: {text}
amount = incorporated
move = change > available
move_dimensions = budget

[entry change]
step = Changes
reference = {budget_line}/change
entity = ALHAMA
date = 2018-12-31
document = ALHAMA/change
memo = {text}
amount = other_change
move = change > available
move_dimensions = budget

[entry authorization]
step = Authorizations
reference = {budget_line}/authorization
entity = ALHAMA
date = 2018-12-31
document = {budget_line}
memo = {text}
amount = authorized
move = available > authorization
move_dimensions = budget

[entry commitment]
step = Commitments
reference = {budget_line}/commitment
entity = ALHAMA
date = 2018-12-31
document = {budget_line}
memo = {text}
amount = committed
move = authorization > commitment
move_dimensions = budget
