#!/usr/bin/env python3
"""evil.py FOLDER: the evil peer, until its standard input ends.

Prints a line "NAME PORT" for each place where it answers, then "ready". Certificates are made in FOLDER.
/seen?PATH says how many whole requests for PATH there were, /opened?PORT how many connections to a port.
"""

import os
import ssl
import sys

import behaviours
import certificates
import chance
import cutter
import pages
from peer import Peer


def make_context(folder, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


def make_old_context(folder):
    """TLS 1.1 at the most."""
    context = make_context(folder, "good")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def make_strict_context(folder, newest):
    """Wants a certificate of the client."""
    context = make_context(folder, "good")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = newest
    return context


def main():
    folder = certificates.make(sys.argv[1])
    table = {**behaviours.TABLE, **chance.TABLE, **cutter.TABLE, **pages.TABLE}
    peer = Peer(table)

    def tell(counter, key_of):
        def answer(connection, request):
            connection.answer("200 OK", [], str(counter[key_of(request.path.partition("?")[2])]).encode())
        return answer

    table["seen"] = tell(peer.seen, str)
    table["opened"] = tell(peer.opened, int)
    contexts = {"http": None, "old": make_old_context(folder),
                "strict": make_strict_context(folder, ssl.TLSVersion.TLSv1_3),
                "strict12": make_strict_context(folder, ssl.TLSVersion.TLSv1_2)}
    contexts.update({name: make_context(folder, name) for name in ("good", "expired", "selfsigned", "other")})
    for name, context in contexts.items():
        print(name, peer.listen(context))
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)  # the threads are not waited for


if __name__ == "__main__":
    main()
