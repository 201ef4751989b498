"""Servers on the loopback: a free port, waiting until one answers, and a bounded load for memcached's text protocol."""

import contextlib
import socket
import threading
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port, patience=20.0):
    """A connection, as soon as somebody listens."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def memcached_client(port, number, rounds, results):
    stored = hits = 0
    with connect(port) as connection, connection.makefile("rwb") as stream:
        for i in range(rounds):
            value = f"{number}-{i}".encode() * (1 + i % 50)
            stream.write(b"set key%d-%d 0 0 %d\r\n%s\r\n" % (number, i % 20, len(value), value))
            stream.flush()
            stored += stream.readline() == b"STORED\r\n"
            stream.write(b"get key%d-%d\r\n" % (number, i % 20))
            stream.flush()
            head = stream.readline().split()
            if head[:1] == [b"VALUE"]:
                hits += stream.read(int(head[3]) + 2) == value + b"\r\n"
                stream.readline()
            stream.write(b"incr counter 1\r\n")
            stream.flush()
            stream.readline()
    results[number] = (stored, hits)


def memcached_load(port, clients=6, rounds=400):
    """What the clients were answered, and the counter that all of them raised."""
    with connect(port) as connection, connection.makefile("rwb") as stream:
        stream.write(b"set counter 0 0 1\r\n0\r\n")
        stream.flush()
        stream.readline()
        results = [None] * clients
        threads = [
            threading.Thread(target=memcached_client, args=(port, n, rounds, results)) for n in range(clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stream.write(b"get counter\r\n")
        stream.flush()
        stream.readline()
        return results, stream.readline().strip()


@contextlib.contextmanager
def file_server(directory):
    """Serves a directory by HTTP, from a thread of this process; gives the port."""
    import functools
    import http.server

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=directory))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
