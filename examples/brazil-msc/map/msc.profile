# The Matriz de Saldos Contabeis of a month, as Siconfi takes it: a first line with institution and month; then for each account and its
# complementary information (IC) its balance before, its changes and its balance after, each as debit or credit. Balances are rows, too.

[file]
name = msc.csv
source = msc
separator = ;
currency = BRL
lines_above = 1
steps = Opening;Month

[above]
institution = 1.1
month = 1.2

[columns]
account = CONTA
ic1 = IC1
type1 = TIPO1
ic2 = IC2
type2 = TIPO2
ic3 = IC3
type3 = TIPO3
ic4 = IC4
type4 = TIPO4
ic5 = IC5
type5 = TIPO5
ic6 = IC6
type6 = TIPO6
value = VALOR
kind = TIPO_VALOR
nature = NATUREZA_VALOR

[amounts]
value = plus

[part opening]
of = value
only kind = beginning_balance
minus nature = C

[part change]
of = value
only kind = period_change
minus nature = C

[part ending]
of = value
only kind = ending_balance
minus nature = C

# Words that nobody knows would be in no part: refused.
[value known_kind]
map = words.csv
of = {kind}
prefix = word
result = word
where column = TIPO_VALOR

[value known_nature]
map = words.csv
of = {nature}
prefix = word
result = word
where column = NATUREZA_VALOR

[value unit]
map = units.csv
of = {institution}
prefix = institution
result = unit

# Debit equals credit within each of the three books of PCASP: 1 to 4, 5 and 6, 7 and 8.
[value assets]
text = accounts 1 to 4
only account = 1;2;3;4

[value budget]
text = accounts 5 and 6
only account = 5;6

[value control]
text = accounts 7 and 8
only account = 7;8

[check account]
within = {account} {ic1} {ic2} {ic3} {ic4} {ic5} {ic6}
zero = opening + change - ending
text = the balance before and the changes are not the balance after
otherwise = refuse

[check opening]
within = {assets}{budget}{control}
zero = opening
text = debit and credit of the balances before differ
otherwise = refuse

[check change]
within = {assets}{budget}{control}
zero = change
text = debit and credit of the changes differ
otherwise = refuse

[check ending]
within = {assets}{budget}{control}
zero = ending
text = debit and credit of the balances after differ
otherwise = refuse

[value month_of_year]
text = {month:6-7}

# January says what the year opens with.
[value january]
text = yes
only month_of_year = 01
only account = 1;2
only kind = beginning_balance

[value stock]
map = pcasp.csv
of = {account}
prefix = account
result = stock
only january = yes

[value balance]
map = pcasp.csv
of = {account}
prefix = account
result = flow
only kind = period_change
only account = 1;2

[value expense]
map = pcasp.csv
of = {account}
prefix = account
result = flow
only kind = period_change
only account = 3
missing = suspense
suspense = 2
weigh = value

[value revenue]
map = pcasp.csv
of = {account}
prefix = account
result = flow
only kind = period_change
only account = 4
missing = suspense
suspense = 1
weigh = value

[dimensions account]
economic = {account}

[entry opening]
step = Opening
reference = opening/{month:4}
entity = {unit}
date = {month:4}-01-01
memo = Balances before January
document = {institution}/{month}
amount = opening
side = {stock}
side_dimensions = account

[entry month]
step = Month
reference = {month}
entity = {unit}
date = {month}-end
memo = Changes of the month
document = {institution}/{month}
amount = change
side = {balance}{expense}{revenue}
side_dimensions = account
