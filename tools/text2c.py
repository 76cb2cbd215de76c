#!/usr/bin/env python3
"""Compiles a text file into a C string.

usage: text2c.py NAME FILE OUT_C
"""
import pathlib
import sys


def main():
    name, source, target = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    lines = source.read_text(encoding="utf-8").split("\n")
    with open(target, "w", encoding="utf-8") as c:
        c.write(f"/* Generated from {source.name} by tools/text2c.py: do not edit. */\n")
        c.write(f"extern const char {name}[];\nconst char {name}[] =\n")
        for line in lines:
            c.write('    "%s\\n"\n' % line.replace("\\", "\\\\").replace('"', '\\"'))
        c.write("    ;\n")


main()
