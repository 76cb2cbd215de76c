"""peer.py: an HTTP server one socket deep, for behaviours that no library would let through.

A behaviour is a function of (connection, request) that writes raw bytes. behaviours.py and pages.py have some;
whoever needs others imports Peer and gives it a table {first part of the path: function}.
"""

import collections
import dataclasses
import os
import socket
import ssl
import struct
import threading
import time

HEAD_MAX = 1 << 20


@dataclasses.dataclass
class Request:
    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def parts(self):
        """"/cut/40?x=1" is ["cut", "40"]."""
        return self.path.split("?")[0].strip("/").split("/")

    @property
    def query(self):
        """"?cursor=7&n=2" is {"cursor": "7", "n": "2"}."""
        pairs = self.path.partition("?")[2]
        return dict(pair.partition("=")[::2] for pair in pairs.split("&") if pair)


class Connection:
    def __init__(self, sock):
        self.sock = sock

    def send(self, data):
        self.sock.sendall(data)

    def answer(self, status, headers=(), body=b"", length=None):
        """A head with a Content-Length (or the one given, or none when it is False), and a body."""
        lines = [f"HTTP/1.1 {status}"] + [f"{name}: {value}" for name, value in headers]
        if length is not False:
            lines.append(f"Content-Length: {len(body) if length is None else length}")
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def wait_until_client_leaves(self, seconds_max=60):
        """Sends nothing more, and keeps the connection."""
        self.sock.settimeout(seconds_max)
        try:
            while self.sock.recv(4096):
                pass
        except OSError:
            pass

    def reset(self):
        """The next close is a RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def read_request(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece or len(data) > HEAD_MAX:
            return None
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        piece = sock.recv(65536)
        if not piece:
            return None
        body += piece
    return Request(method, path, headers, body)


def shake_hands(sock):
    """When it fails, the client is left time to read why: a close with bytes unread would be a RST, which may
    overtake the alert."""
    try:
        sock.do_handshake()
    except ssl.SSLError:
        while os.read(sock.fileno(), 4096):
            pass
        raise


class Peer:
    def __init__(self, behaviours):
        self.behaviours = behaviours
        self.seen = collections.Counter()  # whole requests by path
        self.opened = collections.Counter()  # connections by port

    def _serve(self, sock, context, port):
        sock.settimeout(60)
        try:
            with sock:
                if context:
                    sock = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
                with sock:
                    if context:
                        shake_hands(sock)
                    request = read_request(sock)
                    if request:
                        self._answer(sock, request)
        except (OSError, ValueError):
            pass  # a client may leave when it likes

    def _answer(self, sock, request):
        self.seen[request.path] += 1
        behaviour = self.behaviours.get(request.parts[0])
        if behaviour:
            behaviour(Connection(sock), request)
        else:
            Connection(sock).answer("404 Not Found")

    def _accept(self, listener, context):
        port = listener.getsockname()[1]
        while True:
            sock, _ = listener.accept()
            self.opened[port] += 1
            threading.Thread(target=self._serve, args=(sock, context, port), daemon=True).start()

    def listen(self, context=None):
        """Serves on a port of its own, by TLS when a context is given; returns the port."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=self._accept, args=(listener, context), daemon=True).start()
        return listener.getsockname()[1]


def trickle(connection, data, seconds):
    """One byte at a time."""
    for byte in data:
        connection.send(bytes([byte]))
        time.sleep(seconds)
