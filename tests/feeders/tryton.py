#!/usr/bin/env python3
"""tryton.py FOLDER: a Tryton with a company, a chart and moves, made in FOLDER; it does what its standard input says,
a line for each line, until that ends.

  start                        the server answers; says on which port
  stop                         it does no more
  post DAY DEBIT CREDIT SUM    a move is posted; draft: it is not
  alter SUM OTHER              posted amounts are altered behind its back, as an administrator of the database could
  delete SUM                   moves of an amount are struck out, in the same way
  balances                     "600 1230 ...": code and cents of each account that is not zero
"""

import datetime
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import warnings
from decimal import Decimal

warnings.simplefilter("ignore")
folder = pathlib.Path(sys.argv[1])
configuration = folder / "trytond.conf"
database = folder / "town.sqlite"
CHART = (("100", "Bank", {"assets": True, "statement": "balance"}),
         ("200", "Suppliers", {"statement": "balance"}),
         ("600", "Supplies", {"expense": True, "statement": "income"}),
         ("700", "Fees", {"revenue": True, "statement": "income"}))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


port = free_port()
server = None


def make_database():
    configuration.write_text(f"[database]\nuri = sqlite://{folder}\npath = {folder}\n"
                             f"[web]\nlisten = 127.0.0.1:{port}\n")
    database.touch()
    (folder / "admin").write_text("admin")
    subprocess.run(["trytond-admin", "-c", configuration, "-d", "town", "--all", "-u", "account",
                    "--activate-dependencies", "--email", "a@b.example"],
                   env={**os.environ, "TRYTONPASSFILE": str(folder / "admin")}, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def open_pool():
    from trytond.config import config
    config.update_etc(str(configuration))
    from trytond.pool import Pool
    Pool.start()
    pool = Pool("town")
    pool.init()
    return pool


def make_company(pool):
    get = pool.get
    euro = get("currency.currency")(name="Euro", code="EUR", symbol="E", digits=2, rounding=Decimal("0.01"))
    euro.save()
    party = get("party.party")(name="A town")
    party.save()
    company = get("company.company")(party=party, currency=euro)
    company.save()
    user = get("res.user")(1)
    user.companies = [company]
    user.company = company
    user.save()
    return company


def make_chart(pool, company):
    get = pool.get
    for code, name, kind in CHART:
        type_ = get("account.account.type")(name=name, company=company, **kind)
        type_.save()
        get("account.account")(name=name, code=code, company=company, type=type_).save()
    kind, = get("ir.sequence.type").search([("name", "=", "Account Move")])
    sequence = get("ir.sequence")(name="Moves", sequence_type=kind, company=company)
    sequence.save()
    year = get("account.fiscalyear")(name="2024", company=company, post_move_sequence=sequence,
                                     start_date=datetime.date(2024, 1, 1), end_date=datetime.date(2024, 12, 31))
    year.save()
    get("account.fiscalyear").create_period([year])


def in_company(pool, work):
    from trytond.transaction import Transaction
    with Transaction().start("town", 1) as transaction:
        company = pool.get("company.company").search([])
        with transaction.set_context(company=company[0].id if company else None):
            done = work(company[0] if company else None)
        transaction.commit()
        return done


def put(pool, is_posted, day, debit, credit, total):
    def work(company):
        get = pool.get
        date = datetime.date.fromisoformat(day)
        accounts = {account.code: account for account in get("account.account").search([])}
        move = get("account.move")(company=company, journal=get("account.journal").search([])[0], date=date,
                                   period=get("account.period").find(company.id, date=date), description="By test")
        line = get("account.move.line")
        move.lines = [line(account=accounts[debit], debit=Decimal(total), credit=Decimal(0)),
                      line(account=accounts[credit], debit=Decimal(0), credit=Decimal(total))]
        move.save()
        if is_posted:
            get("account.move").post([move])
    in_company(pool, work)


def start():
    global server
    server = subprocess.Popen(["trytond", "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(2400):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return str(port)
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("trytond does not answer")


def stop():
    if server is not None and server.poll() is None:
        server.send_signal(signal.SIGTERM)
        server.wait()


def run_sql(*statements):
    with sqlite3.connect(database, timeout=60) as connection:
        return [connection.execute(text, values).fetchall() for text, values in statements]


def alter(old, new):
    mark = "update account_move_line set {0} = ?, write_date = '2030-01-01 00:00:00' where abs({0} - ?) < 0.001"
    run_sql((mark.format("debit"), (new, float(old))), (mark.format("credit"), (new, float(old))))


def delete(total):
    moves = run_sql(("select distinct move from account_move_line where abs(debit - ?) < 0.001", (float(total),)))[0]
    for (move,) in moves:
        run_sql(("delete from account_move_line where move = ?", (move,)),
                ("delete from account_move where id = ?", (move,)))


def balances():
    rows = run_sql(("select a.code, cast(round(sum(l.debit - l.credit) * 100) as integer) from account_move_line l"
                    " join account_move m on m.id = l.move join account_account a on a.id = l.account"
                    " where m.state = 'posted' group by a.code having abs(sum(l.debit - l.credit)) > 0.001"
                    " order by a.code", ()))[0]
    return " ".join(f"{code} {cents}" for code, cents in rows)


def main():
    make_database()
    pool = open_pool()
    in_company(pool, lambda _: make_company(pool))
    in_company(pool, lambda company: make_chart(pool, company))
    commands = {"start": start, "stop": stop, "alter": alter, "delete": delete, "balances": balances,
                "post": lambda *words: put(pool, True, *words), "draft": lambda *words: put(pool, False, *words)}
    for line in sys.stdin:
        word, *rest = line.split()
        try:
            print(commands[word](*rest) or "done", flush=True)
        except Exception as fault:  # the test says which command it was
            print("failed", repr(fault).replace("\n", " "), flush=True)
    stop()


if __name__ == "__main__":
    main()
