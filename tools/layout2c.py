#!/usr/bin/env python3
"""Compiles the layouts of reporting/layouts into the program as text.

usage: layout2c.py ARRAY OUT.c FILE.csv...    in the order in which statements are printed; files of
                                              other kinds are skipped, so that a build may name all
                                              its inputs

The text is not judged here: reporting/layout.c reads it, names the line of a mistake, and a test
reads every layout.
"""
import pathlib
import sys


def literal(text):
    """One C string a line, so that the compiled file can be read beside its source."""
    lines = text.splitlines(keepends=True)
    quoted = []
    for line in lines:
        line = line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        quoted.append(f'     "{line}"')
    return "\n".join(quoted) if quoted else '     ""'


def main(array, out, names):
    entries = []
    for name in names:
        path = pathlib.Path(name)
        if path.suffix != ".csv":
            continue
        text = path.read_text(encoding="utf-8")
        entries.append(f'    {{"{path.stem.upper()}", "{path.name}",\n{literal(text)}}},\n')
    pathlib.Path(out).write_text(
        "/* Generated from reporting/layouts by tools/layout2c.py. */\n"
        '#include "reporting/layout.h"\n\n'
        f"const FiscLayoutFile {array}[] = {{\n" + "".join(entries) + "    {NULL},\n};\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
