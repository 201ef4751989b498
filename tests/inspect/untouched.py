#!/usr/bin/env python3
"""Programs that are inspected again and again do not notice.

    untouched.py --gordian GORDIAN calls PROGRAM     no call that blocks returns before its time
    untouched.py --gordian GORDIAN memcached         no request fails and no connection is closed

The throughput of memcached beside 100 inspections is printed, and not judged.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import inspect_programs
import inspecting
import run_program
from inspecting import Wrong, expect

SKIPPED = 77
OF_CALLS = 50
OF_MEMCACHED = 40
CLIENTS = 4
SECONDS = 1.5


def inspect_well(gordian, pid, number):
    inspected = inspecting.inspect(gordian, *(["--no-stop"] if number % 2 else []), pid)
    expect(inspected.report is not None, f"inspection {number}: {inspected}")
    told = [inspecting.told(finding) for finding in inspected.findings()]
    expect(not told, f"inspection {number}: {told}")
    return inspected


def check_calls(options):
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([options.program], env=inspecting.environment(), **streams) as process:
        output = process.stdout.readline().decode()
        try:
            expect(process.stdout.readline() == b"ready\n", f"it is not ready: {process.poll()}")
            for number in range(OF_CALLS):
                inspect_well(options.gordian, process.pid, number)
                if process.poll() is not None:
                    raise Wrong(f"after {number} inspections: {process.stderr.read().decode()}")
            rest, error = process.communicate(b"x", timeout=inspecting.BOUND)
            expect((process.returncode, rest) == (0, b"untouched\n"), f"{process.returncode}: {error.decode()}")
        finally:
            process.kill()
            if process.returncode != 0:
                inspect_programs.remove_objects(output)
    print(f"{OF_CALLS} inspections, and no call noticed")


class Client(threading.Thread):
    """Asks for what it has just stored, until it is told to end; the first that is wrong ends it."""

    def __init__(self, path, number):
        super().__init__()
        self.path, self.number = path, number
        self.requests, self.wrong, self.ends = 0, None, False

    def run(self):
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(inspecting.BOUND)
                connection.connect(self.path)
                while not self.ends:
                    self.ask(connection)
        except OSError as error:
            self.wrong = f"request {self.requests}: {error}"
        except Wrong as sentence:
            self.wrong = f"request {self.requests}: {sentence}"

    def ask(self, connection):
        key, value = f"key{self.number}", f"value {self.requests}"
        connection.sendall(f"set {key} 0 0 {len(value)}\r\n{value}\r\nget {key}\r\n".encode())
        wanted = f"STORED\r\nVALUE {key} 0 {len(value)}\r\n{value}\r\nEND\r\n".encode()
        answer = b""
        while len(answer) < len(wanted):
            part = connection.recv(4096)
            expect(part, "the connection was closed")
            answer += part
        expect(answer == wanted, f"{answer!r} instead of {wanted!r}")
        self.requests += 1


def counted(path, body):
    """Requests a second while `body` runs."""
    clients = [Client(path, number) for number in range(CLIENTS)]
    begun = time.monotonic()
    for client in clients:
        client.start()
    try:
        body()
    finally:
        for client in clients:
            client.ends = True
        for client in clients:
            client.join()
    expect(not any(client.wrong for client in clients), f"{[client.wrong for client in clients if client.wrong]}")
    expect(all(client.requests > 0 for client in clients), "a client got no answer at all")
    return sum(client.requests for client in clients) / (time.monotonic() - begun)


def state_of(path):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(b"stats\r\n")
        answer = b""
        while not answer.endswith(b"END\r\n"):
            answer += connection.recv(4096)
    return {name: int(value) for name, value in re.findall(r"STAT (\w+) (\d+)\r", answer.decode())}


def check_memcached(options):
    if shutil.which("memcached") is None:
        print("needs memcached")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        path = os.path.join(directory, "socket")
        user = ["-u", "root"] if os.geteuid() == 0 else []
        command = ["memcached", *user, "-s", path, "-t", "4"]
        with run_program.Run(command, directory) as run:
            deadline = time.monotonic() + inspecting.BOUND
            while not os.path.exists(path) and time.monotonic() < deadline:
                time.sleep(inspecting.POLL)

            def inspect_all():
                for number in range(OF_MEMCACHED):
                    inspect_well(options.gordian, run.process.pid, number)

            alone = counted(path, lambda: time.sleep(SECONDS))
            before = state_of(path)
            inspected = counted(path, inspect_all)
            after = state_of(path)
            expect(not run.ended(), "memcached has ended")
            made = after["total_connections"] - before["total_connections"]
            expect(made == CLIENTS + 1, f"{made} connections were made instead of {CLIENTS + 1}")
            expect(after["get_misses"] == 0, f"{after['get_misses']} values were lost")
    print(f"{alone:.0f} requests a second alone, {inspected:.0f} beside {OF_MEMCACHED} inspections: {inspected / alone:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gordian", required=True)
    parser.add_argument("subject", choices=("calls", "memcached"))
    parser.add_argument("program", nargs="?")
    options = parser.parse_args()
    run_program.become_reaper()
    try:
        {"calls": check_calls, "memcached": check_memcached}[options.subject](options)
    except Wrong as sentence:
        print(sentence)
        sys.exit(1)


if __name__ == "__main__":
    main()
