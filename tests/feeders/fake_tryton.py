"""fake_tryton.py: the calls of Tryton's JSON-RPC that fisc makes, with records of a file, and what goes wrong with
lists that are read in parts. What a real Tryton answers, tryton.py tells.

FOLDER/tryton.json has {"fault": WORD, "stamp": TIME, "moves": [[id, "2024-01-05", "12.30"], ...]}; each is
supplies against bank.
"""

import json
import random
from decimal import Decimal

ACCOUNTS = [{"id": 1, "code": "600", "name": "Supplies"}, {"id": 2, "code": "100", "name": "Bank"}]
SESSION = [1, "secret-session"]
FIELDS = {"account.period": ["start_date", "company"],
          "account.move": ["period", "state", "date", "number", "description"],
          "account.move.line": ["move", "account", "debit", "credit", "party", "description"],
          "account.account": ["code", "name"]}


def date_of(text):
    year, month, day = map(int, text.split("-"))
    return {"__class__": "date", "year": year, "month": month, "day": day}


def decimal_of(text):
    return {"__class__": "Decimal", "decimal": text}


class FakeTryton:
    def __init__(self, folder):
        self.path = folder / "tryton.json"
        self.text = None
        self.changes = 0

    def load(self):
        text = self.path.read_text()
        if text != self.text:
            self.text, self.changes = text, 0
        data = json.loads(text)
        self.fault = data["fault"]
        self.moves = [{"id": i, "date": date_of(day), "number": str(i), "description": "x", "amount": amount,
                       "stamp": data["stamp"]} for i, day, amount in data["moves"]]
        if self.changes:
            first = self.moves[0]
            first.update(stamp=-self.changes, amount=str(Decimal(first["amount"]) + Decimal(self.changes) / 100))

    def lines(self):
        for move in self.moves:
            for side, account in (("debit", 1), ("credit", 2)):
                other = "credit" if side == "debit" else "debit"
                yield {"id": move["id"] * 2 + account - 1, "move": move["id"], "account": account,
                       side: decimal_of(move["amount"]), other: decimal_of("0.0"), "description": None, "party.": None}

    def search(self, model):
        if model == "account.period":
            return [{"id": 7, "start_date": date_of("2024-01-01"), "company": 1}]
        if model == "company.company":
            return [{"id": 1, "currency.": {"id": 1, "code": "EUR"}}]
        if model == "account.account":
            return ACCOUNTS
        if model == "account.move":
            return [{"id": move["id"], "write_date": move["stamp"], "create_date": 0} for move in self.moves]
        return [{"id": line["id"], "write_date": None, "create_date": 0} for line in self.lines()]

    def read(self, model, ids):
        records = {record["id"]: record for record in (self.lines() if model == "account.move.line" else self.moves)}
        if model == "account.move.line":
            return self.spoil([records[i] for i in ids], records)
        return [records[i] for i in ids]

    def spoil(self, found, records):
        chance = random.Random(self.text)
        where = chance.randrange(len(found))
        if self.fault == "missing":
            del found[where]
        elif self.fault == "duplicate":
            found[where] = found[where - 1]
        elif self.fault == "stranger":
            found[where] = {**found[where], "id": 10 ** 9}
        elif self.fault == "swapped":  # always the first page
            found = [record for _, record in sorted(records.items())][:len(found)]
        elif self.fault == "reorder":
            chance.shuffle(found)
        elif self.fault == "number":
            found[where] = {**found[where], "debit": 12.3}
        elif self.fault == "changing" or (self.fault == "change" and not self.changes):
            self.changes += 1
        return found

    def call(self, method, params):
        if method == "common.db.login":
            return SESSION
        kind, _, rest = method.partition("model.")
        model, _, verb = rest.rpartition(".")
        if verb == "fields_get":
            lacks = "debit" if self.fault == "fields" else None
            return {name: {} for name in FIELDS[model] if name in params[0] and name != lacks}
        if not isinstance(params[-1], dict):
            raise ValueError("a call without a context")
        return self.search(model) if verb == "search_read" else self.read(model, params[0])

    def answer(self, connection, request):
        self.load()
        question = json.loads(request.body)
        if self.fault == "error" and question["method"].endswith(".read"):
            answer = {"id": question["id"], "error": ["UserError", ["not now", ""]]}
        else:
            answer = {"id": question["id"], "result": self.call(question["method"], question["params"])}
        connection.answer("200 OK", [("Content-Type", "application/json")], json.dumps(answer).encode())
