"""What looking for data races costs programs as they are: pigz and xz by the time they take, memcached by what it answers, bare and
under the library that samples, by turns. What is not installed is passed over and named."""

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

PORT = 21312
CLIENTS = 4
BATCH = 20


def race_environment(setup, records):
    environment = setup.environment(records)
    if records is not None:
        environment["LD_PRELOAD"] = os.path.join(os.path.dirname(setup.library), "libgordian-race-hooks.so")
    return environment


def compress(command, data):
    def once(environment):
        started = time.monotonic()
        subprocess.run([*command, data], env=environment, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - started
    return once


def talk(until, done, number):
    with socket.create_connection(("127.0.0.1", PORT)) as connection, connection.makefile("rb") as answers:
        step = 0
        while time.monotonic() < until:
            request = b"".join(b"set k%d 0 0 5\r\nhello\r\n" % ((step + i) % 200) for i in range(BATCH))
            connection.sendall(request + b"incr c 1\r\n")
            for _ in range(BATCH + 1):
                answers.readline()
            step += BATCH
            done[number] += BATCH + 1


def serve(seconds):
    """Seconds for a million requests."""
    def once(environment):
        user = ["-u", "root"] if os.geteuid() == 0 else []
        server = subprocess.Popen(["memcached", "-p", str(PORT), "-l", "127.0.0.1", "-t", "4", *user], env=environment,
                                  stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", PORT), 1):
                    break
                time.sleep(0.05)
            done = [0] * CLIENTS
            until = time.monotonic() + seconds
            clients = [threading.Thread(target=talk, args=(until, done, number)) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            return seconds * 1e6 / sum(done)
        finally:
            server.terminate()
            server.wait()
    return once


def run(setup):
    if not os.path.exists(race_environment(setup, "")["LD_PRELOAD"]):
        print("sampling: passed over: libgordian-race-hooks.so is not built")
        return
    print(f"{'sampling: seconds':28}{'bare':>9}{'sampled':>11}{'ratio':>8}   {'min..max of pairs':19}")
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as directory, tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
        data = os.path.join(directory, "data")
        with open(data, "wb") as file:
            for library in ("libgordian-hooks.so", "libgordian-trace-hooks.so") * (1 if setup.quick else 8):
                with contextlib.suppress(OSError), open(os.path.join(os.path.dirname(setup.library), library), "rb") as source:
                    shutil.copyfileobj(source, file)
        cases = [("pigz -p 4", "pigz", compress(["pigz", "-p", "4", "-k", "-c"], data)),
                 ("xz -T4 -1", "xz", compress(["xz", "-T4", "-1", "--block-size=2MiB", "-k", "-c"], data)),
                 ("memcached, million sets", "memcached", serve(1 if setup.quick else 4))]
        for name, program, once in cases:
            if not setup.wanted(f"sampling {name}"):
                continue
            if shutil.which(program) is None:
                print(f"  {name:26} passed over: {program} not installed")
                continue
            bare, sampled = [], []
            for pair in range(setup.pairs or (1 if setup.quick else 5)):
                sides = [(bare, race_environment(setup, None)), (sampled, race_environment(setup, records))]
                for results, environment in sides if pair % 2 == 0 else reversed(sides):
                    results.append(once(environment))
            ratios = [after / before for before, after in zip(bare, sampled)]
            print(f"  {name:26}{statistics.median(bare):9.2f}{statistics.median(sampled):11.2f}{statistics.median(ratios):8.2f}   "
                  f"{min(ratios):.2f}..{max(ratios):.2f}")
    print()
