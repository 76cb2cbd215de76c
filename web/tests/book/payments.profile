# What the school board and the city publish of their payments: each row is one payment of an expense.

[file]
name = payments.csv
order = 1
source = arda/payments
currency = EUR
key = {number}
steps = Payments

[columns]
number = Number
day = Date
unit = Unit
class = Class
function = Function
text = Text
payee = Payee
amount = Amount

[amounts]
amount = plus

[totals]
rows = 8
amount = 4280.15

[value cash_row]
cash_row = {class}

[dimensions expense]
counterparty_entity = {payee}
cofog = {function}

[dimensions cash]
counterparty_entity = BANK
cash_code = {cash_row}
cash_counterparty = {payee}

[entry payment]
step = Payments
reference = {number}
entity = {unit}
date = {day}
document = {number}
memo = {text}
amount = amount
debit = {class}
debit_dimensions = expense
credit = 3202
credit_dimensions = cash
