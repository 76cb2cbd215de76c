#!/usr/bin/env python3
"""Compiles sql/seeds/gfsm2014.csv, the GFSM 2014 code list, to the table behind ledger/chart.c.

usage: gfs2c.py GFS_CSV OUT_C

Codes stay in the order of the file; a second table lists their positions in byte order of the codes,
so that a code is found by halves. A code that repeats or hangs on an unknown parent is an error.
"""
import csv
import sys


def c_string(text):
    return '"%s"' % text.strip().replace("\\", "\\\\").replace('"', '\\"')


def read_codes(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = [row["code"] for row in rows]
    known = set(codes)
    if len(known) != len(codes):
        sys.exit(f"{path}: a code repeats")
    for row in rows:
        if row["parent"] and row["parent"] not in known:
            sys.exit(f"{path}: {row['code']} hangs on {row['parent']}, which is no code")
        if row["side"] not in ("debit", "credit"):
            sys.exit(f"{path}: {row['code']} has side {row['side']!r}")
    return rows


def main():
    path, out_c = sys.argv[1], sys.argv[2]
    rows = read_codes(path)
    order = sorted(range(len(rows)), key=lambda i: rows[i]["code"].encode())
    with open(out_c, "w", encoding="utf-8") as c:
        c.write("/* Generated from sql/seeds/gfsm2014.csv by tools/gfs2c.py: do not edit. */\n"
                '#include "ledger/gfs_table.h"\n\n'
                f"const int fisc_gfs_table_count = {len(rows)};\n\n"
                "const FiscGfsCode fisc_gfs_table[] = {\n")
        for row in rows:
            words = (c_string(row["code"]), c_string(row["parent"]), c_string(row["name"]),
                     str(int(row["level"])), c_string(row["side"]), c_string(row["kind"]),
                     c_string(row["table"]))
            c.write("    {%s},\n" % ", ".join(words))
        c.write("};\n\nconst int fisc_gfs_table_order[] = {\n")
        for start in range(0, len(order), 12):
            c.write("    %s,\n" % ", ".join(str(i) for i in order[start:start + 12]))
        c.write("};\n")


main()
