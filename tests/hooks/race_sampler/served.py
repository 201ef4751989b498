#!/usr/bin/env python3
"""memcached, under the library that looks for races, answers all that it is asked, ends as without, and nothing is told that is
more than unlikely.

    served.py --bin DIRECTORY [--seconds N] [--overhead N]
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "real_programs"))
import servers  # noqa: E402

SKIPPED = 77
CLIENTS = 4
ROUNDS = 200


@contextlib.contextmanager
def memcached(port, environment):
    user = ["-u", "root"] if os.geteuid() == 0 else []
    process = subprocess.Popen(["memcached", *user, "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-t", "4", "-m", "16"], env=environment,
                               stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def serve(environment, seconds):
    """What is wrong with the answers, how often the load was put on, and what the server said at its end."""
    port = servers.free_port()
    wrong = []
    loads = 0
    with memcached(port, environment) as process:
        until = time.monotonic() + seconds
        while loads == 0 or time.monotonic() < until:
            results, counter = servers.memcached_load(port, CLIENTS, ROUNDS)
            if results != [(ROUNDS, ROUNDS)] * CLIENTS or int(counter) != CLIENTS * ROUNDS:
                wrong.append(f"answers: {results}, {counter}")
            loads += 1
        process.terminate()
        errors = process.communicate(timeout=30)[1]
        return wrong, loads, (process.returncode, errors)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--overhead", type=int, default=20)
    arguments = parser.parse_args()
    if shutil.which("memcached") is None:
        sys.exit(SKIPPED)
    wrong, _, bare = serve(dict(os.environ), 0)
    with tempfile.TemporaryDirectory(prefix="gordian-race-") as records:
        library = os.path.join(arguments.bin, "libgordian-race-hooks.so")
        options = f"dir={records}:quiet=1:race-overhead={arguments.overhead}"
        more, loads, sampled = serve(dict(os.environ, LD_PRELOAD=library, GORDIAN_OPTIONS=options), arguments.seconds)
        wrong += more
        left = [os.path.join(records, name) for name in os.listdir(records) if name.endswith(".flight")]
        tool = os.path.join(arguments.bin, "tests", "read_races")
        told = subprocess.run([tool, *left], capture_output=True, text=True, check=True).stdout.splitlines() if left else []
    if bare != sampled:
        wrong.append(f"it ends with {sampled} instead of {bare}")
    wrong += [f"told: {line}" for line in told if line.split()[0] not in ("none", "unlikely")]
    print("\n".join(wrong) or f"{loads} loads answered; {len(told)} unlikely")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
