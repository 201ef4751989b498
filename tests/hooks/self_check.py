#!/usr/bin/env python3
"""Checks the test programs themselves, without gordian: those in deadlocks/ hang, the others end with 0.

    self_check.py --sources DIRECTORY [--repeat N] PROGRAMS_DIRECTORY [NAME...]

A NAME is that of a program (abba_normal), of a folder (latent) or both (latent/abba_normal); without one, all are run.

A deadlocking program hangs when as many of its threads as its expectation names sit in a futex call (or spin, for a
spinlock), and after 300 ms still the same ones do, with hardly any processor time used. The children that it forked
count as part of it. Programs in latent/ and innocent/ must end quickly, too: where the patience of a handshake ran out, its
threads met as they should not.
"""

import argparse
import concurrent.futures
import os
import sys
import tempfile
import time

import run_program

AT_ONCE = 4
REST = 0.3
QUICK = 3.0  # seconds; they take a few milliseconds, on a machine that may be busy
FUTEX_CALLS = {"x86_64": {"202"}, "aarch64": {"98"}}.get(os.uname().machine, set())


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def process_tree(pid):
    pids = [pid]
    for task in list_tasks(pid):
        for child in read(f"/proc/{pid}/task/{task}/children").split():
            pids += process_tree(int(child))
    return pids


def list_tasks(pid):
    try:
        return os.listdir(f"/proc/{pid}/task")
    except FileNotFoundError:
        return []


def snapshot(pid):
    """(threads in a futex call, running threads, processor time in ticks) over the process and its children."""
    in_futex, running, ticks = set(), set(), 0
    for process in process_tree(pid):
        for task in list_tasks(process):
            fields = read(f"/proc/{process}/task/{task}/stat").rpartition(")")[2].split()
            if not fields:
                continue
            ticks += int(fields[11]) + int(fields[12])
            if fields[0] == "R":
                running.add(task)
            elif read(f"/proc/{process}/task/{task}/syscall").split(" ")[0] in FUTEX_CALLS:
                in_futex.add(task)
    return in_futex, running, ticks


def is_hang(expectation):
    return not set(expectation.rules) <= set(run_program.CALL_RULES)


def hangs(run, expectations):
    """None once the program has come to rest as it should, otherwise what it did instead."""
    wanted = sum(e.threads or 1 for e in expectations if not e.optional and is_hang(e))
    if wanted == 0:
        return "no EXPECT line that must come true"
    spins = any("spinlock" in (e.kinds or []) for e in expectations)
    before = None
    deadline = time.monotonic() + run_program.BOUND
    while time.monotonic() < deadline:
        if run.ended():
            return f"ended with exit code {run.process.returncode}"
        now = snapshot(run.process.pid)
        stuck = now[1] if spins else now[0]
        if before and len(stuck) >= wanted and now[0] == before[0] and (spins or now[2] - before[2] <= 2):
            return None
        before = now
        time.sleep(REST)
    return f"no rest: {len(before[0])} threads in futex calls, {wanted} expected, {before[2]} ticks used"


def check(kind, name, program, source):
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        with run_program.Run([program], directory) as run:
            if kind == "deadlocks":
                wrong = hangs(run, run_program.read_expectations(source))
            else:
                started = time.monotonic()
                code = run.wait(run_program.BOUND)
                seconds = time.monotonic() - started
                slow = kind in ("latent", "innocent") and seconds > QUICK
                wrong = f"exit code {code} after {seconds:.1f} s" if code != 0 or slow else None
            error = run.error()
    return f"{kind}/{name}: {wrong} {error}" if wrong else None


def collect(options):
    for kind in ("deadlocks", "healthy", "misuse", "latent", "innocent"):
        directory = os.path.join(options.sources, kind)
        for file in sorted(os.listdir(directory)):
            name, extension = os.path.splitext(file)
            chosen = not options.names or {kind, name, f"{kind}/{name}"} & set(options.names)
            if extension in (".c", ".cpp") and chosen:
                yield kind, name, os.path.join(options.programs, kind, name), os.path.join(directory, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", required=True)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("programs")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    jobs = list(collect(options)) * options.repeat
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [result for result in pool.map(lambda job: check(*job), jobs) if result]
    for sentence in wrong:
        print(sentence)
    print(f"{len(jobs)} runs, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
