"""Seconds that `gordian predict` takes for a made-up trace, and for one of ten times as many events: the whole command, reading included.

The ratio of the two says whether it is linear; processor time, since a busy machine moves the clock on the wall.
"""

import os
import subprocess
import tempfile

GOAL = 12.0


def write_trace(setup, path, events):
    with open(path, "wb") as file:
        subprocess.run(setup.command("trace", events), stdout=file, preexec_fn=setup.prepare, check=True)


def one_run(setup, path):
    """Processor seconds, peak resident bytes, and the line of statistics."""
    gordian = os.path.join(setup.folder, "..", "gordian")
    worker = subprocess.Popen([gordian, "predict", path], stdout=subprocess.PIPE, preexec_fn=setup.prepare)
    told = worker.stdout.readline().decode()
    worker.stdout.read()
    worker.stdout.close()
    _, status, usage = os.wait4(worker.pid, 0)
    worker.returncode = os.waitstatus_to_exitcode(status)
    if worker.returncode not in (0, 1):
        raise SystemExit(f"run: gordian predict ended with {worker.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, told.split(": ", 1)[1].rsplit(";", 1)[0]


def run(setup):
    if not setup.wanted("predict"):
        return
    sizes = (100_000, 1_000_000) if setup.quick else (1_000_000, 10_000_000)
    print(f"{'predict: processor seconds':28}{'seconds':>9}{'events/s':>12}{'MB':>7}{'bytes/event':>13}{'ratio':>8}{'goal':>8}")
    before = None
    for events in sizes:
        with tempfile.TemporaryDirectory(prefix="gordian-bench-") as folder:
            path = os.path.join(folder, "made.std")
            write_trace(setup, path, events)
            runs = [one_run(setup, path) for _ in range(3)]
        seconds, resident, told = min(runs)
        ratio = "" if before is None else f"{seconds / before:8.2f}{GOAL:8.2f} {'met' if seconds / before <= GOAL else 'missed'}"
        print(f"  {events:<26,}{seconds:9.2f}{events / seconds:12,.0f}{resident / 1e6:7.0f}{resident / events:13.1f}{ratio}   {told}", flush=True)
        before = seconds
    print()
