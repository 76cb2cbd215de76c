# Execution of the expenditure budget 2018: one row for each unit, section, programme and economic
# class, with the amount in each stage of the Spanish budget cycle. The format of this file is
# described in docs/profile-format.md.

[file]
name = ejecucion_gastos.csv
order = 1
source = madrid-2018/ejecucion_gastos
encoding = CP1252
separator = ;
decimal_mark = ,
group_mark = .
currency = EUR
key = {unit}/{section}/{programme}/{economic}
steps = Appropriations;Changes;Authorizations;Commitments;Obligations

# our name = name in the published header
[columns]
unit = Centro
section = Seccion
programme = Programa
economic = Economico
description = Descripcion Economico
initial = CRED_INICIAL
change = MOD_CREDITO
final = C_DEFINITIVO
authorized = C_AUTORIZADO
committed = C_DISPUESTO
obligation = OBL_RECONOC

[amounts]
initial = plus
change = plus
final = plus
authorized = plus
committed = plus
obligation = plus

[totals]
rows = 7244
initial = 5034807687
change = 1130518140.69
final = 6165325827.67
authorized = 5531080180.04
committed = 5435771066.31
obligation = 5001947649.13

# Two rows differ, by 0.01 and 0.03. The final credit is what binds, so the change that is posted is
# the final less the initial credit.
[check final]
zero = initial + change - final
text = initial credit and change differ from the final credit
otherwise = remark
unit = {unit}

# "" for chapter 5, the contingency fund: it is appropriated, never spent as such.
[value gfs]
map = ../maps/es_economic_to_gfsm2014.csv
of = {economic}
title = {description}
prefix = prefix
result = gfsm2014
where scope = all;local
where side = G

# Financial assets and liabilities (chapters 8 and 9) have no function.
[value function]
map = ../maps/es_functional_to_cofog.csv
of = {programme}
prefix = prefix
result = cofog_division
where scope = local
only economic = 1;2;3;4;5;6;7

# Only transfers name the other side.
[value counterparty]
map = counterparties.csv
of = {economic}
prefix = prefix
result = counterparty
where side = G
missing = empty

[value budget_line]
text = {unit}/{section}/{programme}/{economic}

[dimensions budget]
gfs_code = {gfs}
cofog = {function}
section = {section}
programme = {programme}
economic = {economic}

[dimensions expenditure]
cofog = {function}
section = {section}
programme = {programme}
economic = {economic}
counterparty_entity = {counterparty}

[dimensions payable]
counterparty_entity = {counterparty}

# Lines without an initial credit are lines of the budget, too: they are counted, and may be passed.
[entry appropriation]
step = Appropriations
reference = {budget_line}/appropriation
entity = {unit}
date = 2018-01-01
document = {budget_line}
memo = {description}
amount = initial
move = appropriation > available
move_dimensions = budget
keeps_zero = yes

# The source shows one net change for each line, not the acts that made it. What cancels within one
# unit and area of spending (the first digit of the programme) needs no more than a transfer between
# its lines: one virement for each unit and area. The rest takes a supplementary budget (or is a
# cut): one document for each unit. Which part of a line was which is derived, not published.
[cancel]
amount = final - initial
within = {unit}/{programme:1}
together = virement
rest = supplement

[entry virement]
step = Changes
reference = {unit}/virement/{programme:1}
entity = {unit}
date = 2018-12-31
document = {unit}/virement/{programme:1}
memo = Changes that cancel within one area of spending (derived)
amount = cancelled
move = change > available
move_dimensions = budget

[entry supplement]
step = Changes
reference = {budget_line}/change
entity = {unit}
date = 2018-12-31
document = {unit}/supplement
memo = {description}
amount = rest
move = change > available
move_dimensions = budget

[entry authorization]
step = Authorizations
reference = {budget_line}/authorization
entity = {unit}
date = 2018-12-31
document = {budget_line}
memo = {description}
amount = authorized
move = available > authorization
move_dimensions = budget

[entry commitment]
step = Commitments
reference = {budget_line}/commitment
entity = {unit}
date = 2018-12-31
document = {budget_line}
memo = {description}
amount = committed
move = authorization > commitment
move_dimensions = budget

[entry obligation]
step = Obligations
reference = {budget_line}/obligation
entity = {unit}
date = 2018-12-31
document = {budget_line}
memo = {description}
amount = obligation
debit = {gfs}
debit_dimensions = expenditure
credit = 3308
credit_dimensions = payable
move = commitment > obligation
move_dimensions = budget
