# Another fisc: each row is a line of an entry, as it was posted there. Codes are those of GFSM 2014 on both
# sides, so that only the units are translated.
[file]
name = entries.csv
source = city/entries
currency = EUR
key = {entry}/{line}
steps = Entries

[columns]
entry = entry
line = line
reference = reference
date = date
entity = entity
memo = memo
transfer = transfer
code = code
counterparty = counterparty_entity
cofog = cofog
cash = cash_code
cash_counterparty = cash_counterparty
amount = amount

[amounts]
amount = plus

[value unit]
map = units.csv
of = {entity}.
prefix = unit
result = ours

[value other]
map = units.csv
of = {counterparty}.
prefix = unit
result = ours

[value cash_other]
map = units.csv
of = {cash_counterparty}.
prefix = unit
result = ours

[dimensions line]
counterparty_entity = {other}
cofog = {cofog}
cash_code = {cash}
cash_counterparty = {cash_other}

[entry line]
step = Entries
reference = {entry}
entity = {unit}
date = {date}
memo = {memo}
document = {reference}
transfer = {transfer}
amount = amount
side = {code}
side_dimensions = line
