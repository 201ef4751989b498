"""What looking for data races costs programs as they are, at 1, 5 and 20 percent of their time.

Two runs of a program take turns of 50 ms, one stopped while the other works, until both have done the same work: whatever else the machine does
meets both alike, which runs one after the other cannot have. Every second pair begins with the other side. A figure is the median over the pairs
of the ratio within one; in brackets is the range in which the true median lies with a confidence of nine in ten or more. `cpu` is the processor
time of all threads, ours included; threads that are held take none. `wall` is the time that its turns took: held threads show there.

`hooks` is the library with no searching (an overhead of 0) beside the bare program: what watching the locks costs, which is no part of the share.
The others are the library that searches beside the one that does not."""

import contextlib
import math
import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time

PORT = 21312
CLIENTS = 4
BATCH = 20
TURN = 0.05
LOOK = 0.005
LONGEST = 120
PAIRS = ((0, "bare"), (1, 0), (5, 0), (20, 0))


def race_environment(setup, records, side):
    environment = setup.environment(None if side == "bare" else records)
    if side != "bare":
        environment["LD_PRELOAD"] = os.path.join(os.path.dirname(setup.library), "libgordian-race-hooks.so")
        environment["GORDIAN_OPTIONS"] += f":race-overhead={side}"
    return environment


class Work:
    """A program that ends when it has done its work."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.cpu = None
        self.wall = 0

    def has_ended(self):
        if self.cpu is None:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid != 0:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                self.cpu = usage.ru_utime + usage.ru_stime
        return self.cpu is not None

    def send(self, number):
        os.kill(self.process.pid, number)  # Popen's own would take the usage away

    def turn(self):
        self.send(signal.SIGCONT)
        begun = time.monotonic()
        while time.monotonic() < begun + TURN and not self.has_ended():
            time.sleep(LOOK)
        if not self.has_ended():
            self.send(signal.SIGSTOP)
        self.wall += time.monotonic() - begun


class Service(Work):
    """memcached, until its clients have had their answers."""

    port = PORT

    def __init__(self, environment, batches):
        Service.port += 1
        user = ["-u", "root"] if os.geteuid() == 0 else []
        super().__init__(["memcached", "-p", str(Service.port), "-l", "127.0.0.1", "-t", "4", *user], environment)
        wait_for(Service.port)
        self.clients = [threading.Thread(target=talk, args=(Service.port, batches)) for _ in range(CLIENTS)]
        for client in self.clients:
            client.start()

    def has_ended(self):
        if self.cpu is None and not any(client.is_alive() for client in self.clients):
            self.send(signal.SIGTERM)
        return super().has_ended()


def wait_for(port):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)


def talk(port, batches):
    request = b"".join(b"set k%d 0 0 5\r\nhello\r\n" % i for i in range(BATCH)) + b"incr c 1\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as answers:
        for _ in range(batches):
            connection.sendall(request)
            for _ in range(BATCH + 1):
                answers.readline()


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
    low, high = confident_range(ratios)
    return f"{statistics.median(ratios):6.3f} [{low:.3f}..{high:.3f}]"


def in_turns(begin, environments):
    """Processor seconds and seconds of both sides."""
    works = []
    try:
        for environment in environments:
            works.append(begin(environment))
            works[-1].send(signal.SIGSTOP)
        deadline = time.monotonic() + LONGEST
        while not all(work.has_ended() for work in works):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{works[0].process.args[0]} did not end in {LONGEST} s")
            for work in works:
                if not work.has_ended():
                    work.turn()
    finally:
        for work in works:
            if not work.has_ended():
                work.send(signal.SIGKILL)
    failed = [work.process for work in works if work.process.returncode != 0]
    if failed:
        raise subprocess.CalledProcessError(failed[0].returncode, failed[0].args)
    return [(work.cpu, work.wall) for work in works]


def measure(setup, begin, records, rounds):
    results = {pair: [] for pair in PAIRS}
    for number in range(rounds):
        for pair in PAIRS:
            order = pair if number % 2 == 0 else pair[::-1]
            taken = in_turns(begin, [race_environment(setup, records, side) for side in order])
            results[pair].append(taken if number % 2 == 0 else taken[::-1])
    return results


def show(name, results):
    cpu, wall = (statistics.median(other[i] for _, other in results[PAIRS[0]]) for i in (0, 1))
    print(f"  {name:24} bare: {cpu:.4g} cpu, {wall:.4g} wall")
    for pair, taken in results.items():
        cpu, wall = ([side[i] / other[i] for side, other in taken] for i in (0, 1))
        label = "hooks" if pair[0] == 0 else f"{pair[0]} %"
        print(f"    {label:>8}   cpu {figure(cpu):24} wall {figure(wall):24}", flush=True)


def run(setup):
    library = os.path.join(os.path.dirname(setup.library), "libgordian-race-hooks.so")
    if not os.path.exists(library):
        print("sampling: passed over: libgordian-race-hooks.so is not built")
        return
    print("sampling: what the hooks cost the bare program, and what the search adds to them")
    rounds = setup.pairs or (1 if setup.quick else 6)
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as directory, tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
        data = os.path.join(directory, "data")
        with open(data, "wb") as file:
            for each in ("libgordian-hooks.so", "libgordian-trace-hooks.so") * (1 if setup.quick else 10):
                with contextlib.suppress(OSError), open(os.path.join(os.path.dirname(setup.library), each), "rb") as source:
                    shutil.copyfileobj(source, file)
        worker = setup.command("sampled")[0]
        cases = [("pigz -p 4", "pigz", lambda environment: Work(["pigz", "-p", "4", "-k", "-c", data], environment)),
                 ("xz -T4 -1", "xz", lambda environment: Work(["xz", "-T4", "-1", "--block-size=2MiB", "-k", "-c", data], environment)),
                 ("memcached", "memcached", lambda environment: Service(environment, 1_000 if setup.quick else 20_000)),
                 ("one lock for two", worker, lambda environment: Work([worker, "one-lock"], environment)),
                 ("a lock each", worker, lambda environment: Work([worker, "lock-each"], environment)),
                 ("no locks", worker, lambda environment: Work([worker, "no-lock"], environment))]
        for name, program, begin in cases:
            if not setup.wanted(f"sampling {name}"):
                continue
            if shutil.which(program) is None:
                print(f"  {name:24} passed over: {os.path.basename(program)} not installed")
                continue
            show(name, measure(setup, begin, records, rounds))
    print()
