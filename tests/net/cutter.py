"""cutter.py: a line that is cut. /cutter/PORT/BYTES opens a port that leads to PORT of this machine, and tells it;
after BYTES from there the connection is closed on both sides. A port serves one connection."""

import socket
import threading


def _pass_on(source, target, bytes_left):
    try:
        while bytes_left != 0:
            data = source.recv(65536 if bytes_left < 0 else min(65536, bytes_left))
            if not data:
                break
            target.sendall(data)
            bytes_left -= len(data) if bytes_left > 0 else 0
    except OSError:
        pass
    for sock in (source, target):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def _serve(listener, port, bytes_max):
    with listener:
        client, _ = listener.accept()
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        there = threading.Thread(target=_pass_on, args=(client, server, -1), daemon=True)
        there.start()
        _pass_on(server, client, bytes_max)
        there.join()


def open_cutter(connection, request):
    port, bytes_max = int(request.parts[1]), int(request.parts[2])
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, port, bytes_max), daemon=True).start()
    connection.answer("200 OK", [], str(listener.getsockname()[1]).encode())


TABLE = {"cutter": open_cutter}
