# Statements of the town's bank (camt.053): receipts and payments by what they are for. What no purpose is known for is expense or revenue in suspense.

[file]
name = statement.csv
source = bank/statements
currency = EUR
key = {id}
steps = Receipts;Payments

[columns]
account = account
id = id
day = booked
amount = amount
direction = direction
status = status
text = text
statement = statement

[amounts]
amount = plus

# What is not booked has no amount; left out, it is counted.
[skip]
status = PDNG;INFO;FUTR

[part received]
of = amount
only direction = CRDT

[part paid]
of = amount
only direction = DBIT

[value unit]
map = bank_accounts.csv
of = {account}
prefix = iban
result = unit

[value revenue]
map = purposes.csv
of = {text}
prefix = text
result = class
where direction = CRDT
only direction = CRDT
missing = suspense
suspense = 1
weigh = amount

[value expense]
map = purposes.csv
of = {text}
prefix = text
result = class
where direction = DBIT
only direction = DBIT
missing = suspense
suspense = 2
weigh = amount

[value receipt_row]
cash_row = {revenue}

[value payment_row]
cash_row = {expense}

[dimensions receipt]
cash_code = {receipt_row}

[dimensions payment]
cash_code = {payment_row}

[entry receipt]
step = Receipts
reference = {id}
entity = {unit}
date = {day}
document = {statement}
memo = {text}
amount = received
debit = 3202
debit_dimensions = receipt
credit = {revenue}

[entry payment]
step = Payments
reference = {id}
entity = {unit}
date = {day}
document = {statement}
memo = {text}
amount = paid
debit = {expense}
credit = 3202
credit_dimensions = payment
