"""Bytes that the runtime adds per lock and per thread: resident in the process, and allocated to the flight record's file.

Each figure is taken with many and with none, bare and preloaded, so that what a process costs once drops out.
"""

import os
import subprocess
import tempfile

# what, how many
CASES = [("locks", 10_000), ("threads", 1_000)]


def one_run(setup, what, count, records):
    """Resident bytes, shared memory among them, and the blocks of the flight record."""
    worker = subprocess.Popen(setup.command("memory", what, count), env=setup.environment(records), preexec_fn=setup.prepare,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    status = {}
    for line in worker.stdout:
        if line.strip() == b"done":
            break
        name, value = line.split(b":")
        status[name] = int(value.split()[0]) * 1024
    blocks = 0
    if records is not None:
        blocks = os.stat(os.path.join(records, f"{worker.pid}.flight")).st_blocks * 512
    worker.stdin.close()
    worker.wait()
    worker.stdout.close()
    rounds = {f"round {i}": status[f"Round{i}".encode()] // 1024 for i in range(2) if f"Round{i}".encode() in status}
    return {"resident": status[b"VmRSS"], "of it shared": status[b"RssShmem"], "record file": blocks, **rounds}


def difference(setup, what, count):
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
        preloaded = one_run(setup, what, count, records)
    bare = one_run(setup, what, count, None)
    return {name: preloaded[name] - bare[name] for name in bare}


def run(setup):
    print(f"{'memory: bytes added':28}{'resident':>12}{'of it shared':>14}{'record file':>13}")
    names = ("resident", "of it shared", "record file")
    for what, count in CASES:
        if not setup.wanted(f"memory {what}"):
            continue
        none = difference(setup, what, 0)
        many = difference(setup, what, count)
        each = [(many[name] - none[name]) / count for name in names]
        print(f"  {'per ' + what[:-1]:26}{each[0]:12.0f}{each[1]:14.0f}{each[2]:13.0f}   ({count} {what})")
        if what == "locks":
            print(f"  {'once per process':26}{none['resident']:12}{none['of it shared']:14}{none['record file']:13}", flush=True)
    if setup.wanted("memory orders"):
        orders(setup)
    print()


def orders(setup):
    """Many locks, each taken around ten others: what an order costs when it is new, when it is known, and to keep."""
    count = 10_000 if setup.quick else 100_000
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
        preloaded = one_run(setup, "orders", count, records)
    bare = one_run(setup, "orders", count, None)
    edges = count * 10
    added = preloaded["record file"] - bare["record file"]
    print(f"  {count} locks, {edges} orders: record {added / 1e6:.0f} MB, resident +{(preloaded['resident'] - bare['resident']) / 1e6:.0f} MB")
    print(f"  each new, ns {(preloaded['round 0'] - bare['round 0']) * 1e6 / edges:20.0f} more than bare")
    print(f"  each known, ratio to bare {preloaded['round 1'] / max(bare['round 1'], 1):11.2f}", flush=True)
