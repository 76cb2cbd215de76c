"""pages.py: a list that is read page by page, and what goes wrong with such lists.

/pages/SEED/FAULT?cursor=C gives {"items": [...], "next": CURSOR or null} for the fault "none", "duplicate" (a page
again, under the next cursor), "missing" (a page is left out), "reorder" (a page comes after the next), "loop" (a
cursor leads back) or "change" (what was on the list moves while it is read: an item comes twice, another never).
The items are {"id": "SEED-7", "amount": "123.45"}; how many there are, and where it goes wrong, is the seed's.
"""

import json
import random

PAGE_ITEMS = 10
FAULTS = ("none", "duplicate", "missing", "reorder", "loop", "change")


def items_of(seed):
    chance = random.Random(seed)
    count = chance.randrange(3 * PAGE_ITEMS + 1, 8 * PAGE_ITEMS)
    return [{"id": f"{seed}-{i}", "amount": f"{chance.randrange(1, 10**7) / 100:.2f}"} for i in range(count)]


def pages_of(seed, fault):
    """The pages in the order in which they are given; the loop is made of their cursors."""
    items = items_of(seed)
    where = random.Random(seed + 1).randrange(1, len(items) // PAGE_ITEMS)  # neither first nor last
    pages = [items[i:i + PAGE_ITEMS] for i in range(0, len(items), PAGE_ITEMS)]
    if fault == "duplicate":
        pages.insert(where, pages[where - 1])
    elif fault == "missing":
        del pages[where]
    elif fault == "reorder":
        pages[where - 1], pages[where] = pages[where], pages[where - 1]
    elif fault == "change":  # one item was put before the list after page `where` was read
        moved = [items[where * PAGE_ITEMS - 1]] + items[where * PAGE_ITEMS:-1]
        pages[where:] = [moved[i:i + PAGE_ITEMS] for i in range(0, len(moved), PAGE_ITEMS)]
    return pages


def page(connection, request):
    seed, fault = int(request.parts[1]), request.parts[2]
    at = int(request.query.get("cursor", "0"))
    pages = pages_of(seed, fault)
    following = at + 1 if at + 1 < len(pages) else None
    if fault == "loop" and following is None:
        following = 1
    body = {"items": pages[at], "next": None if following is None else str(following)}
    connection.answer("200 OK", [("Content-Type", "application/json")], json.dumps(body).encode())


TABLE = {"pages": page}
