"""What looking for data races costs programs as they are, beside the same programs bare, at 1, 5 and 20 percent.

Each round runs all sides once, one after the other, beginning with another each time, so that whatever else the machine does meets all alike. A
figure is the median over the rounds of a side's ratio to the bare run of the same round; in brackets is the range in which the true median lies
with a confidence of nine in ten or more. `cpu` is the processor time of all threads for the same work, ours included: other people's load hardly
touches it, and threads that are held take none. `wall` is the time that passes for that work: held threads show there, and so does the load.

`hooks` is the same library with no searching (an overhead of 0): what watching the locks costs, which is no part of the share. `search` is the
processor time without that: 1 and what the search itself adds, in parts of the bare program's."""

import contextlib
import math
import os
import resource
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
SIDES = ("bare", 0, 1, 5, 20)


def race_environment(setup, records, side):
    environment = setup.environment(None if side == "bare" else records)
    if side != "bare":
        environment["LD_PRELOAD"] = os.path.join(os.path.dirname(setup.library), "libgordian-race-hooks.so")
        environment["GORDIAN_OPTIONS"] += f":race-overhead={side}"
    return environment


def timed(run):
    """Seconds that passed and processor seconds of the children that ended meanwhile, for one unit of `run`'s work."""
    def once(environment):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        units = run(environment)
        wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall / units, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / units
    return once


def compress(command, data):
    def run(environment):
        subprocess.run([*command, data], env=environment, stdout=subprocess.DEVNULL, check=True)
        return 1
    return timed(run)


def work(command):
    def run(environment):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=60, check=True)
        return 1
    return timed(run)


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
    """For a million requests."""
    def run(environment):
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
            return sum(done) / 1e6
        finally:
            server.terminate()
            server.wait()
    return timed(run)


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


def measure(setup, once, records, rounds):
    results = {side: [] for side in SIDES}
    for number in range(rounds):
        for place in range(len(SIDES)):
            side = SIDES[(number + place) % len(SIDES)]
            results[side].append(once(race_environment(setup, records, side)))
    return results


def show(name, results):
    wall, cpu = (statistics.median(each[i] for each in results["bare"]) for i in (0, 1))
    print(f"  {name:24} bare: {cpu:.4g} cpu, {wall:.4g} wall")
    for side in SIDES[1:]:
        cpu, wall = ([after[i] / before[i] for before, after in zip(results["bare"], results[side])] for i in (1, 0))
        search = [1 + (after[1] - hooks[1]) / bare[1] for bare, hooks, after in zip(results["bare"], results[0], results[side])]
        label = "hooks" if side == 0 else f"{side} %"
        more = f" search {figure(search)}" if side != 0 else ""
        print(f"    {label:>8}   cpu {figure(cpu):24} wall {figure(wall):24}{more}", flush=True)


def run(setup):
    library = os.path.join(os.path.dirname(setup.library), "libgordian-race-hooks.so")
    if not os.path.exists(library):
        print("sampling: passed over: libgordian-race-hooks.so is not built")
        return
    print("sampling: ratios to the bare program")
    rounds = setup.pairs or (1 if setup.quick else 8)
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as directory, tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
        data = os.path.join(directory, "data")
        with open(data, "wb") as file:
            for each in ("libgordian-hooks.so", "libgordian-trace-hooks.so") * (1 if setup.quick else 6):
                with contextlib.suppress(OSError), open(os.path.join(os.path.dirname(setup.library), each), "rb") as source:
                    shutil.copyfileobj(source, file)
        worker = setup.command("sampled")[0]
        cases = [("pigz -p 4", "pigz", compress(["pigz", "-p", "4", "-k", "-c"], data)),
                 ("xz -T4 -1", "xz", compress(["xz", "-T4", "-1", "--block-size=2MiB", "-k", "-c"], data)),
                 ("memcached, million sets", "memcached", serve(1 if setup.quick else 4)),
                 ("one lock for two", worker, work([worker, "one-lock"])),
                 ("a lock each", worker, work([worker, "lock-each"])),
                 ("no locks", worker, work([worker, "no-lock"]))]
        for name, program, once in cases:
            if not setup.wanted(f"sampling {name}"):
                continue
            if shutil.which(program) is None:
                print(f"  {name:24} passed over: {os.path.basename(program)} not installed")
                continue
            show(name, measure(setup, once, records, rounds))
    print()
