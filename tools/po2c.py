#!/usr/bin/env python3
"""Compiles catalogs of translated labels into the program.

usage: po2c.py MSGFMT OUT.c FILE.po...    a file is named by its language: es.po

msgfmt judges a catalog and sorts it; its bytes go into the program as they are, so that labels are
found without an installation, whatever the locale (reporting/labels.c reads them).
"""
import pathlib
import subprocess
import sys
import tempfile

BYTES_A_LINE = 24


def compiled(msgfmt, catalog):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "catalog.mo"
        # No hash table: the strings are sorted, which is enough to find one.
        command = [msgfmt, "--check", "--no-hash", "--endianness=little", "-o", str(out), str(catalog)]
        subprocess.run(command, check=True)
        return out.read_bytes()


def literal(data):
    lines = []
    for start in range(0, len(data), BYTES_A_LINE):
        part = data[start : start + BYTES_A_LINE]
        lines.append("    " + "".join(f"{byte}," for byte in part))
    return "\n".join(lines)


def main(msgfmt, out, names):
    arrays, rows = [], []
    for path in (pathlib.Path(name) for name in names):
        data = compiled(msgfmt, path)
        arrays.append(f"static const unsigned char {path.stem}[] = {{\n{literal(data)}\n}};\n")
        rows.append(f'    {{"{path.stem}", {path.stem}, sizeof {path.stem}}},\n')
    pathlib.Path(out).write_text(
        "/* Generated from po by tools/po2c.py. */\n"
        '#include "reporting/labels.h"\n\n' + "\n".join(arrays)
        + "\nconst FiscCatalog fisc_catalogs[] = {\n" + "".join(rows) + "    {0},\n};\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
