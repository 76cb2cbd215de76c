#!/usr/bin/env python3
"""source.py FOLDER: a source of documents for the tests of feeders, until its standard input ends.

The files of FOLDER, over HTTP ("http PORT") and TLS ("good PORT"; its authority is FOLDER/tls/ca.pem):
  /files/NAME   with an ETag; 304 to who knows it. While there is a file "down", it answers 503.
  /shaky/NAME   some answers are whole and some broken, by the seed that stands in the file "seed"
  /version      what hledger-web says of itself; also /shaky/version
  /ifix/        an iFIX whose events are those of FOLDER/events.json, three a page; /asked/ tells the last question
  /town/        a Tryton (fake_tryton.py)
  /api/, /truth/, /naive/  what shaky_api.py says; by TLS ("api PORT"), with certificates that go wrong, too
  /count/CODE   how often /files/ answered so
"""

import collections
import hashlib
import json
import os
import pathlib
import ssl
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "net"))

import certificates  # noqa: E402
import chance  # noqa: E402
from fake_tryton import FakeTryton  # noqa: E402
from peer import Peer  # noqa: E402
from shaky_api import ShakyApi  # noqa: E402

folder = pathlib.Path(sys.argv[1])
answers = collections.Counter()
question = None


def files(connection, request):
    body = (folder / request.parts[1]).read_bytes()
    tag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
    if (folder / "down").exists():
        code, head, body = "503 Closed", [], b""
    elif request.headers.get("if-none-match") == tag:
        code, head, body = "304 Not Modified", [("ETag", tag)], b""
    else:
        code, head = "200 OK", [("ETag", tag), ("Content-Type", "text/csv; charset=utf-8")]
    answers[code[:3]] += 1
    connection.answer(code, head, body, False if code.startswith("304") else None)


def version(connection, request):
    connection.answer("200 OK", [("Content-Type", "application/json")], b'"1.25"')


def shaky(connection, request):
    if request.parts[1] == "version":
        return version(connection, request)
    body = (folder / request.parts[1]).read_bytes()
    chance.body_of = lambda seed, size: body
    request.path = "/random/" + (folder / "seed").read_text()
    return chance.answer_by_seed(connection, request)


def count(connection, request):
    connection.answer("200 OK", [], str(answers[request.parts[1]]).encode())


def ifix(connection, request):
    global question
    question = json.loads(request.body)
    of = question["criteria"]
    events = [event for event in json.loads((folder / "events.json").read_text())
              if of["fromIngestionTime"] <= event["ingestionTime"] <= of["toIngestionTime"]]
    answer = {"responseHeader": {"msgId": question["requestHeader"]["msgId"], "status": "successful"},
              "fiscalEvent": events[of["offset"]:of["offset"] + 3]}
    connection.answer("200 OK", [("Content-Type", "application/json")], json.dumps(answer).encode())


def asked(connection, request):
    of = question["criteria"]
    connection.answer("200 OK", [], f"{of['fromIngestionTime']} {of['toIngestionTime']}".encode())


def context_of(made, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made / f"{name}.pem", made / f"{name}.key")
    return context


def main():
    made = folder / "tls"
    made.mkdir()
    certificates.make(made)
    contexts = {name: context_of(made, name) for name in ("good", "expired", "other", "selfsigned")}
    api = ShakyApi(folder, contexts)
    peer = Peer({"files": files, "shaky": shaky, "version": version, "count": count, "ifix": ifix, "asked": asked,
                 "town": FakeTryton(folder).answer, "api": api.answer, "truth": api.truth, "naive": api.naive})
    print("http", peer.listen())
    print("good", peer.listen(contexts["good"]))
    print("api", peer.listen(api))
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)  # the threads are not waited for


if __name__ == "__main__":
    main()
