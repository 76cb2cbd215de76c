# Operating expenditure by item and function, as audited, of a municipality's yearly statement. The facts name items, functions and amount types
# by their numbers in the published lists.

[file]
name = ../published/income_expenditure_facts_v2.csv
source = municipal-money/income-expenditure
currency = ZAR
key = {id}
steps = Expenditure

[columns]
id = id
unit = demarcation_code
year = financial_year
type = amount_type
function = function
item = item
amount = amount

[amounts]
amount = plus

[pad]
function = 3

# 3 is AUDA, audited actual; whatever begins otherwise is a forecast, a budget or a later stage.
[skip]
type = 1;2;4;5;6;7;8;9

[totals]
rows = 744
amount = 69554092589.00

[value code]
map = income_expenditure_items_v2.csv
of = {item}
prefix = position_in_return_form
result = code

[value label]
map = income_expenditure_items_v2.csv
of = {item}
prefix = position_in_return_form
result = label

# 2900, other expenditure, has no class: it is expense until somebody says more.
[value debit]
map = items.csv
of = {code}
title = {label}
prefix = code
result = debit
missing = suspense
suspense = 2
weigh = amount

[value known_credit]
map = items.csv
of = {code}
prefix = code
result = credit
missing = empty

[value credit]
text = 3308
only known_credit =

[value cofog]
map = functions.csv
of = {function}
prefix = number
result = cofog
only debit = 2

[dimensions expense]
cofog = {cofog}
economic = {code}

[entry expense]
step = Expenditure
reference = {id}
entity = {unit}
date = {year}-06-30
document = {year}/{code}
amount = amount
debit = {debit}
debit_dimensions = expense
credit = {known_credit}{credit}
