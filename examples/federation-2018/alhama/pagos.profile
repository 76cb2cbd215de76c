# Operations of Alhama de Murcia 2018, with dates. The file is published as payments; by its operation
# codes it lists obligations (ADO: authorized, committed and obliged in one; O: obliged; with a
# slash: taken back), and its sums by line agree with the obligations of the execution where the list
# is whole. So an operation is posted as an obligation of its day. Payroll and other operations
# without an invoice are not in it: obligaciones.profile posts the rest.

[file]
name = ../published/alhama/pagos.csv
order = 2
source = alhama-2018/pagos
currency = EUR
key = {number}
steps = Obligations by operation

[columns]
date = #FechaOperacion
number = NumOperacion
amount = ImporteOperacion
kind = SIGLASOPER
programme = CODFUNCION
economic = CODECOPART
payee_id = IDTERCERO
payee = NOMTERCERO
text = DESOPERAC1

[amounts]
amount = plus

[totals]
rows = 6284
amount = 13826848.63

[sums]
by = {programme}/{economic}

[value gfs]
map = ../../maps/es_economic_to_gfsm2014.csv
of = {economic}
prefix = prefix
result = gfsm2014
where scope = all;local
where side = G
missing = suspense
suspense = 2
weigh = amount

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

[dimensions budget]
gfs_code = {gfs}
cofog = {function}
programme = {programme}
economic = {economic}

[dimensions expenditure]
cofog = {function}
programme = {programme}
economic = {economic}
counterparty_entity = {counterparty}

[dimensions payable]
counterparty_entity = {counterparty}

[entry obligation]
step = Obligations by operation
reference = {number}
entity = ALHAMA
date = {date}
document = ALHAMA/{programme}/{economic}
memo = {kind} {text} ({payee_id} {payee})
amount = amount
debit = {gfs}
debit_dimensions = expenditure
credit = 3308
credit_dimensions = payable
move = commitment > obligation
move_dimensions = budget
