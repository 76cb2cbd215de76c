#!/usr/bin/env python3
"""Checks a bundle of open data as a stranger would, with nothing of fisc: Python's standard library
and openssl.

usage: check_bundle.py BUNDLE SCHEMA [--head-key KEY]

Reads checksums.txt and its signature, datapackage.json against SCHEMA, every CSV by the types it
declares, and computes rows, keys and totals again. Prints "sound: ..." or every fault, and exits 0
or 1.
"""
import csv
import datetime
import decimal
import hashlib
import json
import pathlib
import re
import subprocess
import sys

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}


class Faults(list):
    def check(self, is_good, sentence):
        if not is_good:
            self.append(sentence)
        return is_good


def validate(value, schema, where, faults):
    """The part of JSON Schema that the schema uses."""
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if kinds and not faults.check(
            any(isinstance(value, TYPES[kind]) and not isinstance(value, bool) for kind in kinds),
            f"{where}: {value!r} is not of type {kinds}"):
        return
    if "enum" in schema:
        faults.check(value in schema["enum"], f"{where}: {value!r} is none of {schema['enum']}")
    if "pattern" in schema and isinstance(value, str):
        faults.check(re.search(schema["pattern"], value), f"{where}: {value!r} does not match")
    if "minimum" in schema and isinstance(value, int):
        faults.check(value >= schema["minimum"], f"{where}: {value} is too small")
    if isinstance(value, list):
        faults.check(len(value) >= schema.get("minItems", 0), f"{where}: too few items")
        for number, item in enumerate(value):
            validate(item, schema.get("items", {}), f"{where}[{number}]", faults)
    if isinstance(value, dict):
        for name in schema.get("required", []):
            faults.check(name in value, f"{where}: {name} is missing")
        for name, item in value.items():
            known = schema.get("properties", {})
            if name in known:
                validate(item, known[name], f"{where}.{name}", faults)
            else:
                faults.check(schema.get("additionalProperties", True), f"{where}: {name} is not known")


def check_checksums(folder, faults):
    """Every file but the checksums themselves is listed, and is what it was."""
    listed = {}
    for line in (folder / "checksums.txt").read_text(encoding="utf-8").splitlines():
        digest, path = line.split("  ", 1)
        listed[path] = digest
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    faults.check(there - {"checksums.txt", "checksums.txt.sig"} == set(listed),
                 f"files and checksums differ: {sorted(there ^ set(listed))}")
    for path, digest in listed.items():
        found = hashlib.sha256((folder / path).read_bytes()).hexdigest() if path in there else None
        faults.check(found == digest, f"{path}: its SHA-256 is {found}, not {digest}")


def check_signature(folder, key, faults):
    answer = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin", "-in",
         str(folder / "checksums.txt"), "-sigfile", str(folder / "checksums.txt.sig")],
        capture_output=True, timeout=60, check=False)
    faults.check(answer.returncode == 0, "checksums.txt is not signed by the key")


def check_head(folder, key, batch, faults):
    """The head is of the batch, and its lines are signed by the same key."""
    text = (folder / "head.txt").read_text(encoding="utf-8")
    body, _, signatures = text.partition("\n\n")
    lines = dict(line.split(" ", 1) for line in body.splitlines()[1:])
    faults.check(lines.get("size") == str(batch), f"head.txt is of {lines.get('size')} batches, not {batch}")
    signature = folder.parent / (folder.name + ".head.sig")
    signed = folder.parent / (folder.name + ".head.body")
    signature.write_bytes(bytes.fromhex(signatures.split()[2]))
    signed.write_text(body + "\n", encoding="utf-8")
    answer = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin",
                             "-in", str(signed), "-sigfile", str(signature)],
                            capture_output=True, timeout=60, check=False)
    signature.unlink()
    signed.unlink()
    faults.check(answer.returncode == 0, "head.txt is not signed by the key")


def read_cell(text, kind):
    if text == "":
        return None
    if kind == "integer":
        return int(text)
    if kind == "number":
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            raise ValueError(text)
        return decimal.Decimal(text)
    if kind == "date":
        return datetime.date.fromisoformat(text)
    return text


def read_rows(path, fields, faults):
    rows = []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        faults.check(next(reader) == [field["name"] for field in fields], f"{path.name}: other columns")
        for number, cells in enumerate(reader, 2):
            if not faults.check(len(cells) == len(fields), f"{path.name}:{number}: other number of cells"):
                continue
            try:
                rows.append({field["name"]: read_cell(cell, field["type"])
                             for field, cell in zip(fields, cells)})
            except ValueError as wrong:
                faults.append(f"{path.name}:{number}: {wrong}")
    return rows


def check_resource(folder, resource, faults):
    path, fields = folder / resource["path"], resource["schema"]["fields"]
    data = path.read_bytes()
    faults.check(len(data) == resource["bytes"], f"{path.name}: {len(data)} bytes")
    faults.check("sha256:" + hashlib.sha256(data).hexdigest() == resource["hash"], f"{path.name}: other hash")
    rows = read_rows(path, fields, faults)
    faults.check(len(rows) == resource["rows"], f"{path.name}: {len(rows)} rows, not {resource['rows']}")
    numbers = {field["name"] for field in fields if field["type"] == "number"}
    faults.check(set(resource["totals"]) == numbers, f"{path.name}: totals of other columns")
    for name, total in resource["totals"].items():
        found = sum((row[name] for row in rows if row[name] is not None), decimal.Decimal(0))
        faults.check(found == decimal.Decimal(total), f"{path.name}: {name} adds up to {found}, not {total}")
    key = resource["schema"].get("primaryKey", [])
    keys = {tuple(row[name] for name in key) for row in rows}
    faults.check(not key or len(keys) == len(rows), f"{path.name}: a key stands twice")
    return rows


def check_meaning(tables, resources, faults):
    """What must hold between figures: entries balance, budgets add up, codes are explained."""
    if resources["transactions"]["rowsWithheld"] == 0:
        sums = {}
        for row in tables["transactions"]:
            sums[row["entry"]] = sums.get(row["entry"], 0) + row["amount"]
        faults.check(not any(sums.values()), "an entry does not balance")
    for row in tables["budget"]:
        faults.check(row["original"] + row["change"] == row["final"], f"budget: {row} does not add up")
        faults.check(row["authorized"] >= row["committed"] >= row["obligated"] >= row["paid"],
                     f"budget: {row} has stages in another order")
    entities = {row["code"] for row in tables["entities"]}
    for row in tables["transactions"] + tables["budget"]:
        faults.check(row["entity"] in entities, f"no entity {row['entity']} in the code list")
    accounts = {row["code"] for row in tables["accounts"]}
    for row in tables["transactions"]:
        faults.check(row["account"] in accounts, f"no account {row['account']} in the code list")


def check_changes(folder, package, tables, faults):
    """Rows that were added are there; a first bundle changes nothing."""
    with (folder / package["fisc"]["changes"]).open(encoding="utf-8", newline="") as stream:
        changes = list(csv.DictReader(stream))
    faults.check(package["fisc"]["previousBatch"] is not None or not changes, "changes since nothing")
    entries = {f"{row['entry']}|{row['line']}" for row in tables["transactions"]}
    for change in changes:
        if change["file"] == "transactions":
            faults.check((change["key"] in entries) == (change["change"] != "removed"),
                         f"transactions {change['key']} was not {change['change']}")
    return len(changes)


def main():
    folder, schema = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    key = pathlib.Path(sys.argv[4]) if "--head-key" in sys.argv else folder / "head.key.pub"
    faults = Faults()
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    validate(package, json.loads(schema.read_text(encoding="utf-8")), "package", faults)
    check_checksums(folder, faults)
    check_signature(folder, key, faults)
    tables, resources, changes = {}, {}, 0
    if not faults:
        check_head(folder, key, package["fisc"]["batch"], faults)
        for resource in package["resources"]:
            resources[resource["name"]] = resource
            tables[resource["name"]] = check_resource(folder, resource, faults)
        check_meaning(tables, resources, faults)
        changes = check_changes(folder, package, tables, faults)
    for fault in faults[:20]:
        print(fault)
    if not faults:
        print(f"sound: {len(tables)} files, {sum(map(len, tables.values()))} rows, {changes} changes")
    sys.exit(1 if faults else 0)


main()
