# A journal of hledger-web: each row takes an amount from one account to another.
[file]
name = journal.csv
source = town/journal
currency = EUR
key = {id}/{line}
steps = Opening;Entries

[columns]
id = id
line = line
date = date
text = description
code = code
debit = debit
credit = credit
amount = amount

[amounts]
amount = plus

# hledger close --open calls it so.
[value opening]
text = yes
only text = opening balances

[value debit_stock]
map = codes.csv
of = {debit}
prefix = account
result = stock
only opening = yes

[value credit_stock]
map = codes.csv
of = {credit}
prefix = account
result = stock
only opening = yes

[value debit_flow]
map = codes.csv
of = {debit}
prefix = account
result = flow
unless opening = yes
missing = suspense
suspense = 2
weigh = amount

[value credit_flow]
map = codes.csv
of = {credit}
prefix = account
result = flow
unless opening = yes
missing = suspense
suspense = 2
weigh = amount

# What money moves for is said by the other side.
[value debit_cash]
map = codes.csv
of = {credit}
prefix = account
result = cash
only debit_flow = 3202
missing = suspense
suspense = 2
weigh = amount

[value credit_cash]
map = codes.csv
of = {debit}
prefix = account
result = cash
only credit_flow = 3202
missing = suspense
suspense = 2
weigh = amount

[dimensions debit]
cash_code = {debit_cash}

[dimensions credit]
cash_code = {credit_cash}

[entry opening]
step = Opening
reference = {id}/{line}
entity = TOWN
date = {date}
memo = {text}
when = {opening}
amount = amount
debit = {debit_stock}
credit = {credit_stock}

[entry posting]
step = Entries
reference = {id}/{line}
entity = TOWN
date = {date}
memo = {text}
document = {id}
when = {debit_flow}{credit_flow}
amount = amount
debit = {debit_flow}
debit_dimensions = debit
credit = {credit_flow}
credit_dimensions = credit
