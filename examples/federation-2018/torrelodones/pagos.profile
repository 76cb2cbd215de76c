# Payments of Torrelodones 2018 by department. They name no line of the budget (the columns b and c are
# empty), so nobody can say which were for goods and which for investment: all are expenditure that is
# not yet classified, with the function of their department. Quarters (1T to 4T) and a part A without
# quarter are published in one list; they do not repeat each other.
#
# Cents: one amount has three decimals (row 3606, 2469.843) and is rounded half away from zero to
# 2469.84. One row has no amount and is skipped. Eighteen dates are missing, begin with a blank or are
# of January 2017, in lists of 2018: these payments stand at the last day of the period of their list.

[file]
name = ../published/torrelodones/pagos.csv
order = 3
source = torrelodones-2018/pagos
currency = EUR
steps = Payments

[columns]
department = #Sección
economic = b
period = Periodo
date = Fecha
payee = Beneficiario
text = Descripción
amount = Importe

[skip]
amount =

[amounts]
amount = plus

[round]
amount = half_away

[totals]
rows = 5665
amount = 11219830.163

[value published_day]
text = {date}
only date = 2018-

[value period_day]
map = periods.csv
of = {period}
prefix = period
result = day
unless published_day = 2018-

[value section]
map = departments.csv
of = {department}
prefix = department
result = code

[value function]
map = departments.csv
of = {department}
prefix = department
result = cofog_division

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

[dimensions expenditure]
cofog = {function}
section = {section}

[dimensions cash]
cash_code = {cash_row}

[entry payment]
step = Payments
reference = {file}/{row}
entity = TORRELODONES
date = {published_day}{period_day}
document = TORRELODONES/{section}
memo = {text} ({payee})
amount = amount
debit = {gfs}
debit_dimensions = expenditure
credit = 3202
credit_dimensions = cash
