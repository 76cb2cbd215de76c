"""behaviours.py: what the evil peer does, by the first part of the path."""

import email.utils
import gzip
import time

from peer import trickle

WHOLE = b"code,amount\r\n2211,400.00\r\n"
CSV = ("Content-Type", "text/csv; charset=utf-8")


def whole(connection, request):
    connection.answer("200 OK", [CSV], WHOLE)


def echo(connection, request):
    """The request as it came: method, path, headers one a line, an empty line, the body."""
    lines = [f"{request.method} {request.path}"] + [f"{name}: {value}" for name, value in request.headers.items()]
    connection.answer("200 OK", [], "\n".join(lines).encode() + b"\n\n" + request.body)


def status(connection, request):
    """/status/503, /status/429/120: with Retry-After; "date" asks for a minute by an HTTP date."""
    code, after = request.parts[1], request.parts[2:]
    headers = []
    if after:
        now = time.time() - 86400  # a clock of its own, a day behind
        is_date = after[0] == "date"
        headers = [("Date", email.utils.formatdate(now, usegmt=True)),
                   ("Retry-After", email.utils.formatdate(now + 60, usegmt=True) if is_date else after[0])]
    connection.answer(f"{code} Somehow", headers, b"" if code == "204" else b"because\n",
                      False if code == "204" else None)


REDIRECTS = {
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "file": "file:///etc/passwd",
    "self": "/whole",
    "control": "/a\x7fb\x80",
}


def redirect(connection, request):
    """/redirect/302/metadata"""
    connection.answer(f"{request.parts[1]} Elsewhere", [("Location", REDIRECTS[request.parts[2]])])


def truncated(connection, request):
    connection.answer("200 OK", [CSV], WHOLE[:10], len(WHOLE))


def reset(connection, request):
    connection.answer("200 OK", [CSV], WHOLE[:10], len(WHOLE))
    time.sleep(0.05)
    connection.reset()


def whole_reset(connection, request):
    """All of it, and then a line that breaks: that says nothing about the body."""
    connection.answer("200 OK", [CSV], WHOLE)
    time.sleep(0.05)
    connection.reset()


def length_short(connection, request):
    connection.answer("200 OK", [CSV], WHOLE, 10)


def length_short_later(connection, request):
    connection.answer("200 OK", [CSV], WHOLE[:10], 10)
    time.sleep(0.05)
    connection.send(WHOLE[10:])


def lingering(connection, request):
    """A whole answer of a server that does not close."""
    connection.answer("200 OK", [CSV], WHOLE)
    connection.wait_until_client_leaves()


def unsized(connection, request):
    connection.answer("200 OK", [CSV], WHOLE, False)


def stall(connection, request):
    """/stall/head, /stall/body, /stall/silent"""
    where = request.parts[1]
    if where == "head":
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    elif where == "body":
        connection.answer("200 OK", [CSV], WHOLE[:10], len(WHOLE))
    connection.wait_until_client_leaves()


def slow(connection, request):
    connection.answer("200 OK", [CSV], b"", 1000)
    trickle(connection, b"x" * 1000, 1)


def endless(connection, request):
    """/endless/chunked, /endless/close, /endless/head"""
    kind = request.parts[1]
    if kind == "chunked":
        connection.answer("200 OK", [("Transfer-Encoding", "chunked")], b"", False)
        while True:
            connection.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
    if kind == "close":
        connection.answer("200 OK", [], b"", False)
        while True:
            connection.send(b"x" * 0x10000)
    connection.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.send(b"X-Endless: " + b"x" * 1000 + b"\r\n")


def head_line(connection, request):
    """One header line without an end."""
    connection.send(b"HTTP/1.1 200 OK\r\nX-Endless: ")
    while True:
        connection.send(b"x" * 0x10000)


def interim(connection, request):
    """Interim answers without an end."""
    while True:
        connection.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")


def early(connection, request):
    connection.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
    connection.answer("200 OK", [CSV], WHOLE)


PACKED = gzip.compress(WHOLE)
PACKINGS = {
    "good": PACKED,
    "members": gzip.compress(WHOLE[:10]) + gzip.compress(WHOLE[10:]),
    "large": gzip.compress(bytes(range(256)) * 4096),
    "cut": PACKED[:-12],
    "trailer": PACKED[:-4],
    "sum": PACKED[:-8] + bytes([PACKED[-8] ^ 1]) + PACKED[-7:],
    "garbage": PACKED + b"garbage",
    "none": WHOLE,
    "bomb": gzip.compress(b"\0" * (64 << 20), 9),
}


def packed(connection, request):
    """/gzip/bomb and the like; the lengths are always right."""
    connection.answer("200 OK", [CSV, ("Content-Encoding", "gzip")], PACKINGS[request.parts[1]])


CHUNKINGS = {
    "good": b"A\r\n" + WHOLE[:10] + b"\r\n10\r\n" + WHOLE[10:26] + b"\r\n0\r\n\r\n",
    "trailer": b"1a\r\n" + WHOLE + b"\r\n0\r\nX-Sum: 1\r\n\r\n",
    "trailer-odd": b"1a\r\n" + WHOLE + b"\r\n0\r\nHTTP/1.1 500 No\r\n\r\n",
    "size": b"A\r\n" + WHOLE[:10] + b"\r\nhello\r\n" + WHOLE[10:] + b"\r\n0\r\n\r\n",
    "negative": b"-5\r\nhello\r\n0\r\n\r\n",
    "huge": b"FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
    "short": b"5\r\n" + WHOLE[:10] + b"\r\n0\r\n\r\n",
    "cut": b"1a\r\n" + WHOLE + b"\r\n",
    "within": b"1a\r\n" + WHOLE[:10],
}


def chunked(connection, request):
    connection.answer("200 OK", [CSV, ("Transfer-Encoding", "chunked")], CHUNKINGS[request.parts[1]], False)


RAW = {
    "silence": b"",
    "nonsense": b"Good morning\r\n\r\n" + WHOLE,
    "status": b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "status-text": b"HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n",
    "switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
    "http2": b"HTTP/2 200\r\nContent-Length: 0\r\n\r\n",
    "http09": WHOLE,
    "head-cut": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
    "status-cut": b"HTTP/1.1 200 OK",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 26\r\n\r\n" + WHOLE,
    "two-same": b"HTTP/1.1 200 OK\r\nContent-Length: 26\r\nContent-Length: 26\r\n\r\n" + WHOLE,
    "list-length": b"HTTP/1.1 200 OK\r\nContent-Length: 26, 26\r\n\r\n" + WHOLE,
    "negative": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + WHOLE,
    "huge": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n" + WHOLE,
    "hex": b"HTTP/1.1 200 OK\r\nContent-Length: 0x1a\r\n\r\n" + WHOLE,
    "length-and-chunks": b"HTTP/1.1 200 OK\r\nContent-Length: 26\r\nTransfer-Encoding: chunked\r\n\r\n"
                         + CHUNKINGS["good"],
    "coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKINGS["good"],
    "folded": b"HTTP/1.1 200 OK\r\nX-A: 1\r\n Content-Length: 3\r\nContent-Length: 26\r\n\r\n" + WHOLE,
    "no-colon": b"HTTP/1.1 200 OK\r\nhello\r\nContent-Length: 26\r\n\r\n" + WHOLE,
    "space-colon": b"HTTP/1.1 200 OK\r\nContent-Length : 3\r\nContent-Length: 26\r\n\r\n" + WHOLE,
    "nul": b"HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 26\r\n\r\n" + WHOLE,
    "bell": b"HTTP/1.1 200 OK\r\nX-A: a\7b\r\nContent-Length: 26\r\n\r\n" + WHOLE,
    "brotli": b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 26\r\n\r\n" + WHOLE,
    "many": b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 300 + b"Content-Length: 26\r\n\r\n" + WHOLE,
    "large": b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + WHOLE,
}


def raw(connection, request):
    connection.send(RAW[request.parts[1]])


TEXTS = {
    "utf-8": ("text/csv; charset=utf-8", "Łódź,1".encode()),
    "none": ("text/csv", "Łódź,1".encode()),
    "untyped": (None, "Łódź,1".encode()),
    "quoted": ('Text/CSV; header=present; Charset="UTF-8"', "Łódź,1".encode()),
    "mark": ("text/csv", "\ufeffŁódź,1".encode()),
    "utf-16": ("text/csv; charset=utf-16", "Łódź,1".encode("utf-16")),
    "utf-16-mark": ("text/csv", "\ufeffŁódź,1".encode("utf-16-be")),
    "utf-16le": ("text/csv; charset=utf-16le", "Łódź,1".encode("utf-16-le")),
    "latin2": ("text/csv; charset=iso-8859-2", "Łódź,1".encode("iso-8859-2")),
    "empty": ("text/csv; charset=utf-8", b""),
    "mark-only": ("text/csv", b"\xef\xbb\xbf"),
    "wrong": ("text/csv; charset=utf-8", "Łódź,1".encode("iso-8859-2")),
    "wrong-none": ("text/csv", "Łódź,1".encode("iso-8859-2")),
    "ascii": ("text/csv; charset=us-ascii", "Łódź,1".encode()),
    "contradiction": ("text/csv; charset=utf-8", "\ufeffŁódź,1".encode("utf-16-le")),
    "contradiction-2": ("text/csv; charset=iso-8859-1", "\ufeffŁódź,1".encode()),
    "odd": ("text/csv; charset=utf-16le", "Łódź,1".encode("utf-16-le") + b"x"),
    "surrogate": ("text/csv; charset=utf-16be", b"\xd8\x00\x00a"),
    "nul": ("text/csv; charset=utf-8", b"a\0b"),
    "unknown": ("text/csv; charset=x-ebcdic", b"\xc1\xc2"),
}


def text(connection, request):
    content_type, body = TEXTS[request.parts[1]]
    connection.answer("200 OK", [("Content-Type", content_type)] if content_type else [], body)


def vanish(connection, request):
    """The request is taken, and nothing comes back."""


TABLE = {
    "whole": whole, "echo": echo, "status": status, "redirect": redirect, "truncated": truncated, "reset": reset,
    "length-short": length_short, "length-short-later": length_short_later, "lingering": lingering,
    "unsized": unsized, "stall": stall, "slow": slow, "endless": endless, "head-line": head_line,
    "interim": interim, "early": early, "gzip": packed, "chunked": chunked, "raw": raw, "text": text,
    "vanish": vanish, "whole-reset": whole_reset,
}
