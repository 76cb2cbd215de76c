# Fiscal events of iFIX: a row is an amount of an event. Which side is what, kinds.csv says; what an account is, coa.csv.
[file]
name = events.csv
source = ifix/events
currency = INR
key = {type}/{reference}/{line}
steps = Events

[columns]
type = type
reference = reference
line = line
chain = chain
date = date
coa = coa
amount = amount

[amounts]
amount = plus

# What authorizes spending is the budget's, and what moves between own accounts changes nothing here: counted, not posted.
[skip]
type = SANCTION;APPROPRIATION;ALLOCATION;INTER_TRANSFER;INTRA_TRANSFER

[value debit]
map = kinds.csv
of = {type}
prefix = type
result = debit

[value credit]
map = kinds.csv
of = {type}
prefix = type
result = credit

[value expense]
map = coa.csv
of = {coa}
prefix = coa
result = flow
only type = BILL
missing = suspense
suspense = 2
weigh = amount

[value revenue]
map = coa.csv
of = {coa}
prefix = coa
result = flow
only type = DEMAND
missing = suspense
suspense = 1
weigh = amount

# What money moves for is the account of the event.
[value paid_for]
map = coa.csv
of = {coa}
prefix = coa
result = cash
only type = PAYMENT
missing = suspense
suspense = 2
weigh = amount

[value received_for]
map = coa.csv
of = {coa}
prefix = coa
result = cash
only type = RECEIPT
missing = suspense
suspense = 1
weigh = amount

[dimensions debit]
cash_code = {received_for}
economic = {coa}

[dimensions credit]
cash_code = {paid_for}
economic = {coa}

# All of a demand and what is received for it, of a bill and what is paid for it, are found under one document: the chain.
[entry event]
step = Events
reference = {line}
entity = NANDPUR
date = {date}
memo = {type} {reference}
document = {chain}
amount = amount
debit = {debit}{expense}
debit_dimensions = debit
credit = {credit}{revenue}
credit_dimensions = credit
