# Payments of Pinto 2018, with dates. The application is year, organ, programme and economic class in
# one field. Of a line of 2018: the obligation is paid. Of a line of an earlier year: the payment tells
# that somebody was owed it when the year began. Without an application (146 payments, payrolls and
# invoices of 2017 among them): the payable is paid, and what the cash was for is not classified.
# Numbers of operations repeat and many rows have none: the number of the row is the reference.

[file]
name = ../published/pinto/pagos.csv
order = 2
source = pinto-2018/pagos
currency = EUR
steps = Payables of closed years;Payments

[columns]
number = #Nº Operación
date = Fecha
application = Aplicación
amount = Importe
payee_id = Tercero
payee = Nombre Ter.
text = Texto Libre

[amounts]
amount = plus

[totals]
rows = 4839
amount = 41811329.03

[value of_the_year]
text = {application}
only application = 2018

[value of_closed_years]
text = {application}
unless application = 2018

[value without_line]
text = yes
only application =

[value organ]
text = {application@2}

[value programme]
text = {application@3}

[value economic]
text = {application@4}

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

[value cash_row]
cash_row = {gfs}

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

[value budget_line]
text = PINTO/{organ}/{programme}/{economic}
unless without_line = yes

[dimensions budget]
gfs_code = {gfs}
cofog = {function}
section = {organ}
programme = {programme}
economic = {economic}

[dimensions payable]
counterparty_entity = {counterparty}

[dimensions cash]
cash_code = {cash_row}
cash_counterparty = {counterparty}

[entry closed_years]
step = Payables of closed years
reference = closed-years/{row}
entity = PINTO
date = 2018-01-01
document = {application@1}/{budget_line}
memo = Opening payable: a line of a closed year that was paid in 2018
when = {of_closed_years}
amount = amount
debit = 6
credit = 6308
credit_dimensions = payable

[entry payment]
step = Payments
reference = {file}/{row}
entity = PINTO
date = {date}
document = {budget_line}
memo = {number} {text} ({payee_id} {payee})
when = {of_the_year}
amount = amount
debit = 3308
debit_dimensions = payable
credit = 3202
credit_dimensions = cash
move = obligation > payment
move_dimensions = budget

[entry payment_of_closed_years]
step = Payments
reference = {file}/{row}/closed
entity = PINTO
date = {date}
document = {application@1}/{budget_line}
memo = {number} {text} ({payee_id} {payee})
when = {of_closed_years}
amount = amount
debit = 3308
debit_dimensions = payable
credit = 3202
credit_dimensions = cash

[entry payment_without_line]
step = Payments
reference = {file}/{row}/unknown
entity = PINTO
date = {date}
memo = {number} {text} ({payee_id} {payee})
when = {without_line}
amount = amount
debit = 3308
debit_dimensions = payable
credit = 3202
credit_dimensions = cash
