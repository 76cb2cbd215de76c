#!/usr/bin/env python3
"""Adds a plain text journal up by account: "ACCOUNT AMOUNT CURRENCY", sorted; reads FILE with nothing of fisc.

usage: journal_check.py FILE

A transaction that does not add up to zero, or a line of no known form, ends it with exit 1.
"""
import collections
import decimal
import re
import sys

HEAD = re.compile(r"\d{4}-\d\d-\d\d \* \(\d+\) [^;\[\]]*")
POSTING = re.compile(r"    (\w[\w.-]*:(?:financial|budgetary):[\w.-]+)  (-?\d+(?:\.\d+)?)(?: ([A-Z]{3}))?")


def main(path):
    totals, open_sum, count = collections.Counter(), None, 0
    with open(path, encoding="utf-8") as file:
        for line in file.read().split("\n"):
            posting = POSTING.fullmatch(line)
            if posting and open_sum is not None:
                amount = decimal.Decimal(posting[2])
                totals[posting[1], posting[3] or "-"] += amount
                open_sum += amount
            elif HEAD.fullmatch(line) and open_sum is None:
                open_sum, count = decimal.Decimal(0), count + 1
            elif line == "":
                assert not open_sum, f"a transaction is {open_sum} and not 0"
                open_sum = None
            else:
                assert open_sum is None and re.fullmatch(r"; .*|commodity .*|    format .*", line), line
    print(f"{count} transactions")
    for (account, currency), amount in sorted(totals.items()):
        print(f"{account} {amount:.2f} {currency}")


try:
    main(sys.argv[1])
except AssertionError as problem:
    print(f"wrong: {problem}")
    sys.exit(1)
