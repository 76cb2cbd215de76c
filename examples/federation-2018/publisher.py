#!/usr/bin/env python3
"""publisher.py [PORT]: stands in for the web sites of the four governments: serves published/ on 127.0.0.1, as they
do, with an ETag for each file. Prints the port it answers on; ends when its standard input does."""
import hashlib
import http.server
import os
import sys
import threading

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "published")


class Publisher(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        names = [name for name in self.path.split("/") if name]
        path = os.path.join(FOLDER, *names)
        if len(names) != 2 or names[0].startswith(".") or names[1].startswith(".") or not os.path.isfile(path):
            self.answer(404, b"")
            return
        with open(path, "rb") as file:
            body = file.read()
        tag = '"%s"' % hashlib.sha256(body).hexdigest()
        if self.headers.get("If-None-Match") == tag:
            self.answer(304, b"", tag)
        else:
            self.answer(200, body, tag)

    def answer(self, status, body, tag=None):
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        if status != 304:
            self.send_header("Content-Type", "text/csv")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", wanted), Publisher)
    except OSError:  # somebody else has it
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


main()
