#!/usr/bin/env python3
"""Prints the figures of sheets that a spreadsheet program saved as CSV: "SHEET CODE AMOUNT", sorted.

usage: xlsx_check.py FOLDER    with book-SHEET.csv files
"""
import csv
import decimal
import pathlib
import sys


def figures(path):
    sheet = path.stem.split("-", 1)[1]
    column = None
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            if row and row[0] == "code":
                column = row.index("amount" if "amount" in row else "closing")
            elif column is not None and len(row) > column and row[0] and row[column]:
                yield f"{sheet} {row[0]} {decimal.Decimal(row[column]):.2f}"


lines = [line for path in pathlib.Path(sys.argv[1]).glob("book-*.csv") for line in figures(path)]
print("\n".join(sorted(lines)))
