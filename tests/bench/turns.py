"""Two programs that do the same work take turns of 50 ms, one stopped while the other works, until both are done: whatever else the machine does
meets both alike, which runs one after the other cannot have.

A program runs below `launch`, which says what it took, in a process group of its own."""

import collections
import contextlib
import math
import os
import signal
import socket
import statistics
import subprocess
import threading
import time

TURN = 0.05
LOOK = 0.005
LONGEST = 120

# Seconds of processor time of all threads, seconds that its turns took, and the most MiB that were resident.
Taken = collections.namedtuple("Taken", "cpu wall resident")


class Work:
    """A program that ends when it has done its work."""

    def __init__(self, launch, command, environment):
        self.command = command
        # What is preloaded is not for `launch`.
        preload = [f"{name}={value}" for name, value in environment.items() if name == "LD_PRELOAD"]
        rest = {name: value for name, value in environment.items() if name != "LD_PRELOAD"}
        self.process = subprocess.Popen([launch, "env", *preload, *command], env=rest, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.wall = 0

    def has_ended(self):
        return self.process.poll() is not None

    def send(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def turn(self):
        self.send(signal.SIGCONT)
        begun = time.monotonic()
        while time.monotonic() < begun + TURN and not self.has_ended():
            time.sleep(LOOK)
        if not self.has_ended():
            self.send(signal.SIGSTOP)
        self.wall += time.monotonic() - begun

    def taken(self):
        """Raises CalledProcessError where the program failed."""
        status, user, system, resident = map(int, self.process.communicate()[0].split())
        if status != 0:
            raise subprocess.CalledProcessError(status, self.command)
        return Taken((user + system) / 1e6, self.wall, resident / 1024)


class Memcached(Work):
    """memcached, or a build of it, until its clients have had their answers."""

    port = 21312
    clients_of_each = 4
    batch = 20

    def __init__(self, launch, program, environment, batches):
        Memcached.port += 1
        self.own_port = Memcached.port
        user = ["-u", "root"] if os.geteuid() == 0 else []
        super().__init__(launch, [program, "-p", str(self.own_port), "-U", "0", "-l", "127.0.0.1", "-t", "4", *user], environment)
        self.wait_for_it()
        self.clients = [threading.Thread(target=self.talk, args=(batches,)) for _ in range(self.clients_of_each)]
        for client in self.clients:
            client.start()

    def wait_for_it(self):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not super().has_ended():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.own_port), 1):
                return
            time.sleep(0.05)
        self.send(signal.SIGKILL)
        raise subprocess.CalledProcessError(1, self.command)

    def talk(self, batches):
        request = b"".join(b"set k%d 0 0 5\r\nhello\r\n" % i for i in range(self.batch)) + b"incr c 1\r\n"
        with socket.create_connection(("127.0.0.1", self.own_port)) as connection, connection.makefile("rb") as answers:
            for _ in range(batches):
                connection.sendall(request)
                for _ in range(self.batch + 1):
                    answers.readline()

    def has_ended(self):
        if not any(client.is_alive() for client in self.clients):
            self.send(signal.SIGTERM)
        return super().has_ended()


def in_turns(begin, environments):
    """What each took. `begin` makes a Work of an environment, or of whatever its list has."""
    works = []
    try:
        for environment in environments:
            works.append(begin(environment))
            works[-1].send(signal.SIGSTOP)
        deadline = time.monotonic() + LONGEST
        while not all(work.has_ended() for work in works):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{works[0].command[0]} did not end in {LONGEST} s")
            for work in works:
                if not work.has_ended():
                    work.turn()
        return [work.taken() for work in works]
    finally:
        for work in works:
            work.send(signal.SIGKILL)


def confident_range(ratios):
    """The innermost pair of order statistics between which the median lies with nine in ten, or all there is."""
    ratios = sorted(ratios)
    count = len(ratios)
    for inner in range((count - 1) // 2, 0, -1):
        outside = 2 * sum(math.comb(count, k) for k in range(inner + 1)) / 2 ** count
        if outside <= 0.1:
            return ratios[inner], ratios[-1 - inner]
    return ratios[0], ratios[-1]


def figure(ratios):
    """The median, and the range in which the true one lies with a confidence of nine in ten or more."""
    low, high = confident_range(ratios)
    return f"{statistics.median(ratios):6.3f} [{low:.3f}..{high:.3f}]"
