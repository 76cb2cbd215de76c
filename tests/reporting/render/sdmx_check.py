#!/usr/bin/env python3
"""Reads SDMX as a statistical office would, with nothing of fisc, and says what is in it.

usage: sdmx_check.py csv|ml FILE LISTS

Each code is held against the lists of tests/data/sdmx, keys must be unique, and totals must add up.
Prints "KEY TIME VALUE STATUS" for each observation, sorted, and then what was left out; or, with exit 1, what is wrong.
"""
import csv
import decimal
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

MESSAGE = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message}"
GENERIC = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic}"
COMMON = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common}"
TIMES = {"A": r"\d{4}", "Q": r"\d{4}-Q[1-4]", "M": r"\d{4}-(0[1-9]|1[0-2])"}
FORMATS = {"A": "P1Y", "Q": "P3M", "M": "P1M"}
ATTRIBUTES = {"OBS_STATUS": "CL_OBS_STATUS", "TABLE_IDENTIFIER": "CL_NA_TABLEID"}


def read_lists(folder):
    with open(folder / "dimensions.csv", newline="") as file:
        dimensions = [(row["dimension"], row["codelist"]) for row in csv.DictReader(file)]
    with open(folder / "codes.csv", newline="") as file:
        codes = {row["codelist"]: set(row["codes"].split()) for row in csv.DictReader(file)}
    return dimensions, codes


def read_csv(path, dimensions):
    """Observations as dictionaries, and the comment on what was left out."""
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        expected = ["STRUCTURE", "STRUCTURE_ID", "ACTION"] + dimensions + ["TIME_PERIOD", "OBS_VALUE"]
        assert reader.fieldnames[: len(expected)] == expected, f"the header is {reader.fieldnames}"
        rows = list(reader)
    for row in rows:
        structure = (row["STRUCTURE"], row["STRUCTURE_ID"], row["ACTION"])
        assert structure == ("datastructure", "ESTAT:NA_SEC(1.5)", "I"), f"the structure is {structure}"
    return rows, " ".join(row["COMMENT_DSET"] for row in rows if row["COMMENT_DSET"])


def values(element):
    pairs = [(value.get("id"), value.get("value")) for value in element.findall(GENERIC + "Value")]
    assert len(dict(pairs)) == len(pairs), f"a value stands twice: {pairs}"
    return dict(pairs)


def read_ml(path, dimensions):
    builder = tree.TreeBuilder(insert_comments=True)
    root = tree.parse(path, tree.XMLParser(target=builder)).getroot()
    assert root.tag == MESSAGE + "GenericData", f"the message is {root.tag}"
    header = root.find(MESSAGE + "Header")
    order = [child.tag.split("}")[1] for child in header]
    assert order == ["ID", "Test", "Prepared", "Sender", "Structure"], f"the header has {order}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", header.find(MESSAGE + "Prepared").text)
    reference = header.find(f"{MESSAGE}Structure/{COMMON}Structure/Ref")
    assert reference.attrib == {"agencyID": "ESTAT", "id": "NA_SEC", "version": "1.5"}, reference.attrib
    rows = []
    for series in root.find(MESSAGE + "DataSet"):
        key = values(series.find(GENERIC + "SeriesKey"))
        assert list(key) == dimensions, f"the key is {list(key)}"
        (observation,) = series.findall(GENERIC + "Obs")
        row = {**key, **values(series.find(GENERIC + "Attributes"))}
        row.update(values(observation.find(GENERIC + "Attributes")))
        row["TIME_PERIOD"] = observation.find(GENERIC + "ObsDimension").get("value")
        row["OBS_VALUE"] = observation.find(GENERIC + "ObsValue").get("value")
        rows.append(row)
    (comment,) = [node.text.strip() for node in root if not isinstance(node.tag, str)]
    return rows, comment


def check_codes(rows, dimensions, codes):
    for row in rows:
        for dimension, codelist in dimensions + list(ATTRIBUTES.items()):
            assert row[dimension] in codes[codelist], f"{dimension} {row[dimension]!r} is not in {codelist}"
        assert re.fullmatch(TIMES[row["FREQ"]], row["TIME_PERIOD"]), f"{row['FREQ']} {row['TIME_PERIOD']}"
        assert row["TIME_FORMAT"] == FORMATS[row["FREQ"]], row["TIME_FORMAT"]
        assert re.fullmatch(r"-?\d+(\.\d{%s})?" % row["DECIMALS"], row["OBS_VALUE"]), row["OBS_VALUE"]
        assert row["UNIT_MULT"] == "0" and row["CONF_STATUS"] == "F" and len(row["TITLE"]) <= 200


def sum_of(rows, **wanted):
    found = [row for row in rows if all(row[name] in choice for name, choice in wanted.items())]
    return sum(decimal.Decimal(row["OBS_VALUE"]) for row in found), len(found)


def check_totals(rows):
    """What the keys say has to add up, whatever the rows were called before."""
    whole = {"COUNTERPART_AREA": {"W0"}, "VALUATION": {"S"}}
    totals = [
        ({"STO": {"GOTR"}}, {"STO": {"ODA", "GD61", "DG", "GOOR"}, "ACCOUNTING_ENTRY": {"C"}}),
        ({"STO": {"GOTEE"}}, {"STO": set("GD1 GP2 GP51C D41G D3 DG GD6M GOOE".split()), "ACCOUNTING_ENTRY": {"D"}}),
        ({"STO": {"GOTE"}, "EXPENDITURE": {"_T"}}, {"STO": {"GOTE"}, "EXPENDITURE": {f"GF{n:02d}" for n in range(1, 11)}}),
    ]
    for total, parts in totals:
        whole_sum, count = sum_of(rows, **total, **whole)
        if count == 1:
            parts_sum, _ = sum_of(rows, **parts, **whole)
            assert whole_sum == parts_sum, f"{total} is {whole_sum}, its parts are {parts_sum}"
    for sto in ("LS", "LE"):
        assets, _ = sum_of(rows, STO={sto}, INSTR_ASSET={"F"}, ACCOUNTING_ENTRY={"A"})
        instruments, _ = sum_of(rows, STO={sto}, INSTR_ASSET={f"F{n}" for n in range(1, 9)}, ACCOUNTING_ENTRY={"A"})
        assert assets == instruments, f"financial assets {sto} are {assets}, by instrument {instruments}"


def main(kind, path, folder):
    dimensions, codes = read_lists(pathlib.Path(folder))
    names = [name for name, _ in dimensions]
    rows, comment = {"csv": read_csv, "ml": read_ml}[kind](path, names)
    check_codes(rows, dimensions, codes)
    keys = [".".join(row[name] for name in names) for row in rows]
    assert len(set(keys)) == len(keys), "a key stands twice"
    check_totals(rows)
    for key, row in sorted(zip(keys, rows), key=lambda pair: pair[0]):
        print(key, row["TIME_PERIOD"], row["OBS_VALUE"], row["OBS_STATUS"])
    print(comment)


try:
    main(*sys.argv[1:])
except (AssertionError, KeyError, ValueError, tree.ParseError) as problem:
    print(f"wrong: {problem!r}")
    sys.exit(1)
