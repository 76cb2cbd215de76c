"""shaky_api.py: a Tryton, a hledger-web and an iFIX behind which somebody breaks the answers, as a seed says.

FOLDER/trial.json has {"api": "tryton", "hledger-web" or "ifix", "seed": N}: what the system has in its books, which of its
answers goes wrong, how, and whether once or from then on.
  /api/...   the system, by TLS
  /truth/    what was done, and each state of the books that was true: {"fault", "struck", "versions": [...]}; a
             version is document -> {"document": what a whole reading gives, "books": "2024-01-05 12.30" by days}
  /naive/    the documents as a client reads them that believes everything: what the checks are there for
"""

import copy
import dataclasses
import json
import random
import threading
import time

import chance
from fake_tryton import ACCOUNTS, FIELDS, SESSION, date_of, decimal_of

PERIODS = {7: "2024-01-01", 8: "2024-02-01"}
LARGE = 260  # moves of the second period: their lines are more than one page
ANSWERS = {"tryton": 27, "hledger-web": 2, "ifix": 6}  # that a reading without faults takes

EVENTS = 6
EVENTS_PAGE = 4  # whatever is asked for
BEGUN_MS = int(time.time() * 1000) - 3 * 3600 * 1000  # when iFIX took the first event

# ---- what the system has ----


@dataclasses.dataclass
class Move:
    id: int
    period: int
    day: str
    cents: int
    description: str
    stamp: int


def moves_of(seed, api):
    """Another content for each seed; of the many in the second period few are new with it."""
    if api == "ifix":
        return [Move(i, 7, f"2024-01-{i:02d}", 100 + i * 17 + seed * 3, "", seed * 10) for i in range(1, EVENTS + 1)]
    moves = []
    for i in range(1, 4 + seed % 4):
        moves.append(Move(i, 7, f"2024-01-{i:02d}", 100 + i * 17 + seed * (i % 2), f"Ñandú {i}", seed))
    for i in range(1, (LARGE if api == "tryton" else 9) + 1):
        mine = seed if i % 100 == 1 else 0
        moves.append(Move(1000 + i, 8, f"2024-02-{i % 28 + 1:02d}", 500 + i + mine, "Łódź", mine))
    return moves


def amount_text(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def lines_of(move):
    for side, account in (("debit", 1), ("credit", 2)):
        other = "credit" if side == "debit" else "debit"
        yield {"id": move.id * 2 + account - 1, "move": move.id, "account": account, "description": None,
               "party.": None, side: decimal_of(amount_text(move.cents)), other: decimal_of("0.0")}


def record_of(move):
    return {"id": move.id, "date": date_of(move.day), "number": str(move.id), "description": move.description}


def tryton_document(moves):
    return {"currency": "EUR", "accounts": ACCOUNTS, "moves": [record_of(move) for move in moves],
            "lines": sorted((line for move in moves for line in lines_of(move)), key=lambda line: line["id"])}


def posting_of(account, cents):
    quantity = {"decimalMantissa": cents, "decimalPlaces": 2, "floatingPoint": 0.1}
    return {"paccount": account, "ptype": "RegularPosting", "pdate": None,
            "pamount": [{"acommodity": "EUR", "aquantity": quantity}]}


def journal_of(moves):
    return [{"tdate": move.day, "tcode": "", "tdescription": move.description, "tstatus": "Cleared",
             "ttags": [["id", str(move.id)]],
             "tpostings": [posting_of("expenses:supplies", move.cents), posting_of("assets:bank", -move.cents)]}
            for move in moves]


def event_of(move):
    noon_ms = int(time.mktime(time.strptime(move.day, "%Y-%m-%d"))) * 1000 + 12 * 3600 * 1000
    return {"version": "1.0.0", "id": f"{move.id}-{move.stamp}", "tenantId": "pb", "eventType": "Bill",
            "eventTime": noon_ms, "ingestionTime": BEGUN_MS + move.stamp * 10 + move.id, "referenceId": f"E{move.id}",
            "linkedEventId": None, "receivers": [None], "attributes": None,
            "amountDetails": [{"id": f"a{move.id}", "amount": move.cents / 100, "coaId": "c", "fromBillingPeriod": 0}]}


def page_of(moves, criteria):
    """The last that came first, as many as this server gives."""
    events = [event for event in map(event_of, moves) if event["tenantId"] == criteria["tenantId"] and
              criteria["fromIngestionTime"] <= event["ingestionTime"] <= criteria["toIngestionTime"]]
    events.sort(key=lambda event: -event["ingestionTime"])
    return events[criteria["offset"]:criteria["offset"] + min(criteria["limit"], EVENTS_PAGE)]


def books_of(moves):
    """What was spent, by days, in the smallest unit."""
    days = {}
    for move in moves:
        days[move.day] = days.get(move.day, 0) + move.cents
    return ";".join(f"{day} {days[day]}" for day in sorted(days))


def version_of(moves, api):
    if api == "ifix":
        return {f"BILL-E{move.id}.json": {"document": event_of(move), "books": books_of([move])} for move in moves}
    parts = {period: [move for move in moves if move.period == period] for period in PERIODS}
    if api == "tryton":
        return {f"moves-{PERIODS[period]}-{period}.json": {"document": tryton_document(part), "books": books_of(part)}
                for period, part in parts.items()}
    return {"transactions.json": {"document": journal_of(moves), "books": books_of(moves)}}


# ---- the systems, as they are without faults ----


def asked(domain, word):
    return next((row[2] for row in domain if row[0].endswith(word)), None)


def only(record, fields):
    return {"id": record["id"], **{name: record[name] for name in fields if name in record}}


def search(moves, model, domain):
    """Every record of a domain, by id, with whatever fields there are."""
    period = asked(domain, "period")
    mine = [move for move in moves if move.period == period]
    stamps = {"write_date": None, "create_date": 0}
    if model == "account.period":
        return [{"id": i, "start_date": date_of(day), "company": 1} for i, day in PERIODS.items()
                if asked(domain, "id") in (None, i)]
    if model == "company.company":
        return [{"id": 1, "currency.": {"id": 1, "code": "EUR"}}]
    if model == "account.account":
        return ACCOUNTS
    if model == "account.move":
        return [{"id": move.id, **stamps, "write_date": move.stamp} for move in mine]
    return [{"id": line["id"], **stamps} for line in tryton_document(mine)["lines"]]


def read(moves, model, ids, fields):
    records = ((line for move in moves for line in lines_of(move)) if model == "account.move.line"
               else map(record_of, moves))
    known = {record["id"]: record for record in records}
    return [only(known[i], fields + ["party."]) for i in ids]


def result_of(moves, method, params):
    if method == "common.db.login":
        return SESSION
    model, _, verb = method.removeprefix("model.").rpartition(".")
    if verb == "fields_get":
        return {name: {} for name in FIELDS[model] if name in params[0]}
    if verb == "read":
        return read(moves, model, params[0], params[1])
    fields = [name.split(".")[0] + "." if "." in name else name for name in params[4]]
    return [only(record, fields) for record in search(moves, model, params[0])]


# ---- what goes wrong ----

WIRE = [fault for fault in chance.FAULTS if fault != "stall"]
STATUSES = {"429": "429 Slow down", "503": "503 Closed", "500": "500 Oh", "401": "401 Who", "404": "404 None",
            "204": "204 Nothing", "304": "304 As before"}
PLACES = {"metadata": "http://169.254.169.254/latest/meta-data/", "inside": "https://127.0.0.1:1/", "file": "file:///"}
HANDS = ["expired", "other", "selfsigned"]
TEXTS = ["text-cut", "text-more", "nul", "not-utf-8", "latin", "utf-16", "mark", "twice", "deep", "nothing", "page",
         "null", "list", "word", "blanks"]
LISTS = ["missing", "doubled", "double", "stranger", "reorder", "swapped", "half", "empty"]
LISTS_WITHOUT_PAGES = ["doubled", "double", "reorder", "missing", "half", "empty"]
SHAPES = ["type", "type", "type", "member", "number", "huge"]
ENDS = ["endless", "bomb", "stall"]
OTHERS = ["change", "changing", "rpc-id", "rpc-error", "lie"]


def pick(seed, api):
    """(fault, kind, at which answer, whether once)."""
    rolled = random.Random(f"fault {seed}")
    kinds = {"none": (["none"], 16), "wire": (WIRE, 16), "status": (list(STATUSES), 8), "place": (list(PLACES), 3),
             "hand": (HANDS, 4), "text": (TEXTS, 14), "list": (LISTS, 16), "shape": (SHAPES, 24), "end": (ENDS, 4),
             "other": (OTHERS, 10)}
    kind = rolled.choices(list(kinds), [weight for _, weight in kinds.values()])[0]
    fault = rolled.choice(LISTS_WITHOUT_PAGES if kind == "list" and api == "hledger-web" else kinds[kind][0])
    is_once = rolled.random() < 0.5 or fault == "stall"
    return fault, kind, rolled.randrange(ANSWERS[api]), is_once


def nodes_of(value, path=()):
    """Paths of everything in a JSON value, itself included."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from nodes_of(child, path + (key,))


def place_of(value, path):
    for key in path:
        value = value[key]
    return value


OTHER_TYPES = {"text": "x", "number": 7, "truth": True, "list": [], "object": {}, "real": 1.5}


def type_of(value):
    words = {str: "text", bool: "truth", int: "number", float: "real", list: "list", dict: "object"}
    return words.get(type(value), "nothing")


def bend_shape(answer, fault, rolled):
    """One place of another type, gone, or a number that no machine holds."""
    inner = [path for path in nodes_of(answer) if path and path[-1] not in ("floatingPoint", "write_date", "create_date")]
    if fault == "member":  # of an object; what a list lacks is said by other faults
        inner = [path for path in inner if isinstance(path[-1], str)]
    if not inner:
        return answer
    path = rolled.choice(inner)
    into, key = place_of(answer, path[:-1]), path[-1]
    if fault == "member":
        del into[key]
    elif fault == "huge":
        into[key] = rolled.choice([10 ** 30, -(2 ** 63) - 1, 2 ** 63])
    elif fault == "number":
        into[key] = 12.3
    else:
        into[key] = rolled.choice([other for word, other in OTHER_TYPES.items() if word != type_of(into[key])])
    return answer


def bend_list(records, fault, rolled, others):
    where = rolled.randrange(len(records))
    if fault == "missing":
        del records[where]
    elif fault == "doubled":
        records.insert(where, records[where])
    elif fault == "double":  # in the place of another, where there is one
        records[where] = records[where - 1]
    elif fault == "stranger":
        records[where] = {**records[where], "id": 10 ** 9} if isinstance(records[where], dict) else records[where]
    elif fault == "reorder":
        rolled.shuffle(records)
    elif fault == "swapped":  # the page before
        records = others or records
    elif fault == "half":
        records = records[:len(records) // 2]
    return [] if fault == "empty" else records


def bend_text(text, fault, rolled):
    """The bytes of an answer, and of which charset they are said to be."""
    cut = rolled.randrange(len(text))
    plain = {"text-cut": text[:cut], "text-more": text + "}", "nul": text[:cut] + "\0" + text[cut:], "nothing": "",
             "deep": "[" * 100000, "page": "<html><body>Please sign in</body></html>", "null": "null", "list": "[]",
             "word": '"x"', "blanks": " " * 5000, "twice": text.replace('{"', '{"id": 0, "tdate": 0, "', 1)}
    if fault == "latin":
        return text.encode("iso-8859-2", "replace"), "iso-8859-2"
    if fault == "utf-16":
        return text.encode("utf-16"), "utf-16"
    if fault == "mark":
        return b"\xef\xbb\xbf" + text.encode(), "utf-8"
    if fault == "not-utf-8":
        return text[:cut].encode() + b"\xff\xc3" + text[cut:].encode(), "utf-8"
    return plain[fault].encode(), "utf-8"


class Trial:
    """One seed: the books, the plan, and how far it came."""

    def __init__(self, api, seed):
        self.api, self.seed = api, seed
        self.moves = moves_of(seed, api)
        self.versions = [version_of(self.moves, api)]
        self.fault, self.kind, self.at, self.is_once = pick(seed, api)
        self.count = self.struck = 0
        self.page = None  # the list before this one
        self.lock = threading.Lock()

    def is_lie(self):
        """Nobody could know: a whole journal says the same of what was struck out as of what is kept back."""
        if self.api == "ifix" and self.kind in ("list", "shape") and not self.is_once:
            return True  # altered anew in each answer, and yet two may say the same
        return self.fault == "lie" or (self.api == "hledger-web" and self.fault in ("missing", "half", "empty"))

    def is_up(self):
        """Whether the fault's time has come."""
        return self.count > self.at and not (self.is_once and self.struck)

    def change(self):
        """Somebody writes while we are read."""
        if self.api == "ifix":  # a copy of an event that says something else
            self.moves[0].cents, self.moves[0].stamp = self.moves[0].cents + 1, self.moves[0].stamp + 1
        for period in PERIODS if self.api != "ifix" else ():
            first = next(move for move in self.moves if move.period == period)
            first.cents, first.stamp = first.cents + 1, first.stamp + 100000
        self.versions.append(version_of(self.moves, self.api))
        self.struck += 1

    def result(self, question):
        moves = copy.deepcopy(self.moves)
        if self.fault == "lie":  # from the beginning, and the same to every question
            self.struck = 1
            moves[0].cents += 4711
        return result_of(moves, question["method"], question["params"]) if question else journal_of(moves)

    def answer_events(self, question):
        """A page of events; faults that leave it JSON have struck."""
        rolled = random.Random(f"{self.seed} {self.struck}")
        header = question["requestHeader"]
        if self.fault in ("change", "changing") and self.is_up():
            self.is_once = self.fault == "change"
            self.change()
        moves = copy.deepcopy(self.moves)
        if self.fault == "lie":
            self.struck = 1
            moves[0].cents += 4711
        page = page_of(moves, question["criteria"])
        others, self.page = self.page, page
        answer = {"responseHeader": {"ts": header["ts"], "msgId": header["msgId"], "status": "successful"},
                  "fiscalEvent": page}
        if self.kind == "list" and page and self.is_up():
            self.struck += 1
            answer["fiscalEvent"] = bend_list(copy.deepcopy(page), self.fault, rolled, others)
        if self.kind == "shape" and self.is_up():
            self.struck += 1
            answer = bend_shape(answer, self.fault, rolled)
        if self.fault == "rpc-id" and self.is_up():
            self.struck += 1
            answer["responseHeader"]["msgId"] = "another"
        if self.fault == "rpc-error" and self.is_up():
            self.struck += 1
            answer = {"ResponseHeader": None, "Errors": [{"code": "TENANT_ID", "message": "not now"}]}
        return answer

    def answer(self, question):
        """The JSON of an answer; faults that leave it JSON have struck."""
        rolled = random.Random(f"{self.seed} {self.struck}")
        try:
            result = self.result(question)
        except (KeyError, TypeError, IndexError):  # asked for what it has not
            return {"id": question["id"], "error": ["KeyError", ["no such record", ""]]}
        others, self.page = self.page, result
        is_reading = question is None or question["method"].endswith(".read")
        if self.fault in ("change", "changing") and is_reading and self.is_up() and question:
            self.is_once = self.fault == "change"
            self.change()
        if self.kind == "list" and isinstance(result, list) and result != SESSION and result and self.is_up():
            self.struck += 1
            result = bend_list(copy.deepcopy(result), self.fault, rolled, others if isinstance(others, list) else None)
            if self.fault == "reorder" and question is None:  # says the same
                self.versions.append({"transactions.json": {**self.versions[0]["transactions.json"], "document": result}})
        if self.kind == "shape" and self.is_up():
            self.struck += 1
            result = bend_shape(copy.deepcopy(result), self.fault, rolled)
        return self.wrap(question, result)

    def wrap(self, question, result):
        if question is None:
            return result
        if self.fault == "rpc-id" and self.is_up():
            self.struck += 1
            return {"id": question["id"] + 1, "result": result}
        if self.fault == "rpc-error" and self.is_up():
            self.struck += 1
            return {"id": question["id"], "error": ["UserError", ["not now", ""]]}
        return {"id": question["id"], "result": result}

    def send(self, connection, answer):
        """The answer over the wire; faults of the wire strike here."""
        text = json.dumps(answer, ensure_ascii=False)
        is_here = self.kind in ("wire", "status", "place", "text", "end") and self.is_up()
        self.struck += is_here
        if not is_here:
            return connection.answer("200 OK", [("Content-Type", "application/json")], text.encode())
        return self.spoil(connection, text)

    def spoil(self, connection, text):
        rolled = random.Random(f"{self.seed} wire")
        if self.kind == "wire" or self.fault == "stall":
            return chance.answer_by_plan(connection, chance.plan_with(self.seed, self.fault, text.encode()))
        if self.kind == "status":
            after = [("Retry-After", "1")] if self.fault in ("429", "503") else []
            is_bare = self.fault in ("204", "304")
            return connection.answer(STATUSES[self.fault], after, b"" if is_bare else b"no\n", False if is_bare else None)
        if self.kind == "place":
            return connection.answer("302 There", [("Location", PLACES[self.fault])])
        if self.kind == "text":
            body, charset = bend_text(text, self.fault, rolled)
            return connection.answer("200 OK", [("Content-Type", f"application/json; charset={charset}")], body)
        return endless(connection, self.fault)


def endless(connection, fault):
    if fault == "bomb":
        packed = chance.gzip.compress(b" " * (64 << 20), 9)
        return connection.answer("200 OK", [("Content-Encoding", "gzip")], packed)
    connection.answer("200 OK", [("Transfer-Encoding", "chunked")], b"", False)
    while True:
        connection.send(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


# ---- a client that believes everything ----


def ask_naively(trial, method, *params):
    trial.count += 1
    return trial.answer({"id": 1, "method": method, "params": [*params, {}]})["result"]


def read_naively(trial, period, first_day):
    domain = [["period", "=", period], ["state", "=", "posted"]]
    of_move = [["move.period", "=", period], ["move.state", "=", "posted"]]

    def search_all(model, of, *fields):
        return ask_naively(trial, f"model.{model}.search_read", of, 0, None, [["id", "ASC"]], list(fields))

    def pages(model, stamps, *fields):
        ids = [stamp["id"] for stamp in stamps]
        return [record for begin in range(0, len(ids), 500)
                for record in ask_naively(trial, f"model.{model}.read", ids[begin:begin + 500], list(fields))]
    moves = search_all("account.move", domain, "write_date")
    lines = search_all("account.move.line", of_move, "write_date")
    accounts = search_all("account.account", [], "code", "name")
    return {"currency": "EUR", "accounts": accounts,
            "moves": pages("account.move", moves, "date", "number", "description"),
            "lines": pages("account.move.line", lines, "move", "account", "debit", "credit", "description",
                           "party.rec_name")}


def naive(api, seed):
    trial = Trial(api, seed)
    trial.at = trial.at % 8
    try:
        return {f"moves-{day}-{period}.json": read_naively(trial, period, day) for period, day in PERIODS.items()}
    except (KeyError, TypeError, IndexError):
        return {}  # even the one that believes everything has noticed


# ---- the server ----


class ShakyApi:
    def __init__(self, folder, contexts):
        self.path = folder / "trial.json"
        self.contexts = contexts  # by name of their certificate
        self.text = self.trial = None
        self.lock = threading.Lock()

    def load(self):
        with self.lock:
            text = self.path.read_text()
            if text != self.text:
                self.text, self.trial = text, Trial(**json.loads(text))
            return self.trial

    def wrap_socket(self, sock, **options):
        """As a context of TLS: whose certificate it shows is the trial's."""
        trial = self.load() if self.path.exists() else None
        name = "good"
        if trial and trial.kind == "hand" and trial.count >= trial.at and not (trial.is_once and trial.struck):
            trial.struck += 1
            name = trial.fault
        return self.contexts[name].wrap_socket(sock, **options)

    def answer(self, connection, request):
        trial = self.load()
        with trial.lock:
            trial.count += 1
            if request.parts[-1] == "version":
                answer = "1.25"
            elif trial.api == "ifix":
                answer = trial.answer_events(json.loads(request.body))
            else:
                answer = trial.answer(json.loads(request.body) if trial.api == "tryton" else None)
        trial.send(connection, answer)

    def truth(self, connection, request):
        trial = self.load()
        told = {"fault": trial.fault, "kind": trial.kind, "struck": trial.struck, "lie": trial.is_lie(),
                "versions": trial.versions}
        connection.answer("200 OK", [("Content-Type", "application/json")], json.dumps(told).encode())

    def naive(self, connection, request):
        connection.answer("200 OK", [], json.dumps(naive(**json.loads(self.path.read_text()))).encode())
