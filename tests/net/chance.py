"""chance.py: an answer by a seed: some whole, some broken in a way that the seed chooses.

/random/SEED gives it, /plan/SEED says what it was: "whole BYTES" or "FAULT BYTES". The body is known to whoever
knows the seed: hexadecimal SHA-256 of "SEED:0", "SEED:1", ... one after the other.
"""

import dataclasses
import gzip
import hashlib
import random
import time

FAULTS = ["cut", "reset", "stall", "extra", "extra-later", "length-long", "sum", "two-lengths", "both", "chunk-size",
          "status", "unsized", "packed-cut"]
NEEDS = {"extra": "length", "extra-later": "length", "length-long": "length", "two-lengths": "length",
         "chunk-size": "chunked"}
NEEDS_PACKING = {"sum", "packed-cut"}


@dataclasses.dataclass
class Plan:
    seed: int
    fault: str
    size: int
    framing: str
    is_packed: bool
    closes: bool
    chance: random.Random
    body: bytes = None  # other than what the seed says


def plan_of(seed):
    chance = random.Random(seed)
    fault = "whole" if chance.random() < 0.45 else chance.choice(FAULTS)
    framing = NEEDS.get(fault) or chance.choice(["length", "chunked"])
    return Plan(seed=seed, fault=fault, size=chance.choice([1, 17, 1000, 16384, 60000]) + chance.randrange(100),
                framing=framing, is_packed=fault in NEEDS_PACKING or chance.random() < 0.4,
                closes=chance.random() < 0.8, chance=chance)


def body_of(seed, size):
    blocks = (hashlib.sha256(f"{seed}:{i}".encode()).hexdigest() for i in range(size // 64 + 1))
    return "".join(blocks).encode()[:size]


def _pack(plan):
    body = body_of(plan.seed, plan.size) if plan.body is None else plan.body
    if not plan.is_packed:
        return body
    packed = gzip.compress(body)
    if plan.fault == "sum":
        return packed[:-8] + bytes([packed[-8] ^ 0x10]) + packed[-7:]
    return packed[:-plan.chance.randrange(1, 9)] if plan.fault == "packed-cut" else packed


def _chunk(plan, data):
    pieces = []
    while data:
        size = plan.chance.randrange(1, 9000)
        pieces.append(b"%x\r\n" % len(data[:size]) + data[:size] + b"\r\n")
        data = data[size:]
    if plan.fault == "chunk-size":
        pieces.insert(plan.chance.randrange(len(pieces) + 1), b"zz\r\nhello\r\n")
    return b"".join(pieces) + b"0\r\n\r\n"


def _frame(plan, data):
    """The head lines of the body's framing, and the body as it goes over the wire."""
    if plan.fault == "unsized":
        return [], data
    if plan.framing == "chunked":
        lines = ["Transfer-Encoding: chunked"] + (["Content-Length: 7"] if plan.fault == "both" else [])
        return lines, _chunk(plan, data)
    length = len(data) + (plan.chance.randrange(1, 100) if plan.fault == "length-long" else 0)
    lines = [f"Content-Length: {length}"]
    lines += {"two-lengths": [f"Content-Length: {length + 1}"], "both": ["Transfer-Encoding: chunked"]}.get(
        plan.fault, [])
    return lines, data


def wire_of(plan):
    lines, body = _frame(plan, _pack(plan))
    status = "HTTP/1.1 20O OK" if plan.fault == "status" else "HTTP/1.1 200 OK"
    head = "\r\n".join([status] + lines + (["Content-Encoding: gzip"] if plan.is_packed else []))
    wire = head.encode() + b"\r\n\r\n" + body
    if plan.fault in ("cut", "reset", "stall"):
        wire = wire[:plan.chance.randrange(1, len(wire))]
    return wire + (b"extra" if plan.fault == "extra" else b"")


def plan_with(seed, fault, body):
    """This fault, and the rest as the seed says, for a body of somebody else's."""
    chance = random.Random(seed)
    return Plan(seed=seed, fault=fault, size=len(body), framing=NEEDS.get(fault) or chance.choice(["length", "chunked"]),
                is_packed=fault in NEEDS_PACKING or chance.random() < 0.4, closes=chance.random() < 0.8, chance=chance,
                body=body)


def answer_by_seed(connection, request):
    answer_by_plan(connection, plan_of(int(request.parts[1])))


def answer_by_plan(connection, plan):
    wire = wire_of(plan)
    while wire:
        size = plan.chance.choice([1, 100, 5000, 100000])
        connection.send(wire[:size])
        wire = wire[size:]
        if plan.chance.random() < 0.3:
            time.sleep(plan.chance.random() / 100)
    if plan.fault == "extra-later":
        time.sleep(0.03)
        connection.send(b"extra")
    elif plan.fault == "reset":
        connection.reset()
    elif plan.fault == "stall" or (plan.fault == "whole" and not plan.closes):
        connection.wait_until_client_leaves()


def tell_plan(connection, request):
    plan = plan_of(int(request.parts[1]))
    connection.answer("200 OK", [], f"{plan.fault} {plan.size}".encode())


TABLE = {"random": answer_by_seed, "plan": tell_plan}
