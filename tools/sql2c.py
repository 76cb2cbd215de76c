#!/usr/bin/env python3
"""Compiles sql/ into C: queries to an enum and text, migrations and routines to embedded text.

usage: sql2c.py SQL_DIR OUT_H OUT_C

A query is sql/queries/<schema>/<name>.sql with a head of four comment lines: purpose, `in:`, `out:`,
`by:`. FISC_SQL_<SCHEMA>_<NAME> names it. A query without a head, or with one that does not name its C
function, is an error, so the catalogue cannot rot silently.
"""
import hashlib
import pathlib
import re
import sys


def c_string(text):
    lines = text.split("\n")
    return "\n".join('    "%s\\n"' % line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)


def read_query(path):
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    head = lines[:4]
    wanted = [r"-- \S", r"-- in: ", r"-- out: ", r"-- by: "]
    for line, pattern in zip(head, wanted):
        if not re.match(pattern, line):
            sys.exit(f"{path}: the head must be four lines: purpose, in:, out:, by:; found {line!r}")
    body = "\n".join(lines[4:]).strip()
    if not body or ";" in body:
        sys.exit(f"{path}: one statement without a semicolon is expected")
    return head[1][7:].strip(), head[2][8:].strip(), body


def main():
    sql_dir, out_h, out_c = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    queries = sorted((sql_dir / "queries").glob("*/*.sql"))
    migrations = sorted((sql_dir / "migrations").glob("*.sql"))
    # Others stand on the ledger's views: they come first.
    routines = sorted((sql_dir / "routines").glob("*/*.sql"), key=lambda path: (path.parent.name != "ledger", path))
    names = ["FISC_SQL_%s_%s" % (q.parent.name.upper(), q.stem.upper()) for q in queries]
    with open(out_h, "w", encoding="utf-8") as h:
        h.write("/* Generated from sql/ by tools/sql2c.py: do not edit. */\n#ifndef FISC_SQL_AUTO_H\n"
                "#define FISC_SQL_AUTO_H\n\ntypedef enum {\n")
        for name in names:
            h.write(f"    {name},\n")
        h.write("    FISC_SQL_COUNT\n} FiscSql;\n\n"
                "typedef struct {\n    const char *name; /* schema.name */\n"
                "    const char *in; /* types of the parameters */\n"
                "    const char *out; /* columns of the result */\n    const char *text;\n} FiscSqlText;\n\n"
                "typedef struct {\n    const char *name;\n    const char *digest; /* SHA-256 in hex */\n"
                "    const char *text;\n} FiscSqlFile;\n\n"
                "extern const FiscSqlText fisc_sql_texts[FISC_SQL_COUNT + 1];\n"
                "extern const FiscSqlFile fisc_sql_migrations[]; /* ended by a NULL name */\n"
                "extern const FiscSqlFile fisc_sql_routines[];\n\n#endif\n")
    with open(out_c, "w", encoding="utf-8") as c:
        c.write('/* Generated from sql/ by tools/sql2c.py: do not edit. */\n#include "sql.auto.h"\n\n'
                "const FiscSqlText fisc_sql_texts[FISC_SQL_COUNT + 1] = {\n")
        for query in queries:
            takes, gives, body = read_query(query)
            c.write('    {"%s.%s", "%s", "%s",\n%s},\n' %
                    (query.parent.name, query.stem, takes, gives, c_string(body)))
        c.write("    {0},\n};\n")
        for kind, files in (("migrations", migrations), ("routines", routines)):
            c.write("\nconst FiscSqlFile fisc_sql_%s[] = {\n" % kind)
            for path in files:
                text = path.read_text(encoding="utf-8")
                label = path.stem if kind == "migrations" else f"{path.parent.name}.{path.stem}"
                digest = hashlib.sha256(text.encode()).hexdigest()
                c.write('    {"%s", "%s",\n%s},\n' % (label, digest, c_string(text)))
            c.write("    {0},\n};\n")


main()
