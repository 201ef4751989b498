"""Milliseconds from the call that closes a deadlock to its finding in the flight record.

The worker writes the time just before that call; the finding carries the time at which it was told (analyzer/record/flight_record.h).
"""

import os
import statistics
import struct
import subprocess
import tempfile
import time

MAGIC = b"GORDIAN\n"
VERSION = 1
FINDINGS = 4096 + 256 * 1024  # kFindingOffset
FINDING = struct.Struct("=IHHQQ")  # published, rule, grade, told_at_ns, closed_at_ns
PATIENCE = 3.0  # seconds

# kind, goal in milliseconds
KINDS = [("mutex", 1), ("rwlock", 150), ("semaphore", 150), ("join", 150), ("barrier", 150), ("condition", 150)]


def told_at(path):
    """When the record's first finding was told, or None so far."""
    try:
        with open(path, "rb") as record:
            head = record.read(12)
            if head[:8] != MAGIC:
                return None
            if struct.unpack_from("=I", head, 8)[0] != VERSION:
                raise SystemExit(f"latency: {path} has another version than {VERSION}")
            record.seek(FINDINGS)
            published, _, _, told, _ = FINDING.unpack(record.read(FINDING.size))
            return told if published else None
    except FileNotFoundError:
        return None


def one_run(setup, kind, records):
    worker = subprocess.Popen(setup.command("latency", kind), env=setup.environment(records), preexec_fn=setup.prepare,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    path = os.path.join(records, f"{worker.pid}.flight")
    try:
        closed = int(worker.stdout.readline())
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            told = told_at(path)
            if told is not None:
                return (told - closed) / 1e6
            time.sleep(0.002)
        return None
    finally:
        worker.kill()
        worker.wait()
        worker.stdout.close()


def run(setup):
    print(f"{'latency: ms to the finding':28}{'median':>9}{'min':>9}{'max':>9}{'runs':>7}{'goal':>8}")
    for kind, goal in KINDS:
        if not setup.wanted(f"latency {kind}"):
            continue
        with tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
            runs = [one_run(setup, kind, records) for _ in range(4 if setup.quick else 15)]
        seen = [ms for ms in runs if ms is not None]
        if not seen:
            print(f"  {kind:26}  no finding within {PATIENCE:.0f} s in {len(runs)} runs")
            continue
        median = statistics.median(seen)
        missing = f"; {len(runs) - len(seen)} without a finding" if len(seen) < len(runs) else ""
        print(f"  {kind:26}{median:9.2f}{min(seen):9.2f}{max(seen):9.2f}{len(runs):7}{goal:8} "
              f"{'met' if median <= goal else 'missed'}{missing}", flush=True)
    print()
