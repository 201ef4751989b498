#!/usr/bin/env python3
"""Kills a preloaded program at random moments and reads every flight record that it leaves.

    sigkill_records.py --tools DIRECTORY --program MANY_LOCKS [--kills N] [--seed N]

DIRECTORY holds gordian and libgordian-hooks.so; MANY_LOCKS is the program of killed/many_locks.c. Whatever the moment
was, the record must be readable, and what it says must have been possible:

* An exclusive lock is held by one thread, and by nobody beside it. There is no excuse for two holders, although the
  threads of a killed process do not stop at one and the same moment: an acquisition is written after it succeeded and a
  release before it is done, so that a thread that is written down as the holder never lets another one in.
* Holds are in the order of the locks' numbers, as is the lock waited for, and every name is that of the global variable.
* There is no finding: locks that are taken in one order cannot deadlock.

A process that is killed while it starts, or while it forks, may leave no record or one that is not finished; then
gordian says so in one line. Every process is killed in the end, whatever happens.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import glob
import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

BOUND = 20.0
AT_ONCE = 2
NOT_FINISHED = re.compile(r"has not finished starting|is empty, not a Gordian flight record")


@dataclasses.dataclass
class Kind:
    """A way of being killed: what the program does, and when the end comes."""

    name: str
    arguments: tuple
    share: float  # of the number of kills
    latest: float  # seconds after the program said that it is ready, or after its start
    handshake: bool = True
    must_be_read: bool = True


KINDS = (
    Kind("running", (), 1.0, 0.060),
    Kind("starting threads", ("start",), 0.2, 0.030),
    Kind("forking", ("fork",), 0.2, 0.030, must_be_read=False),
    Kind("being loaded", (), 0.2, 0.012, handshake=False, must_be_read=False),
)


def number_of(name):
    found = re.fullmatch(r"lock_(\d\d)", name)
    return int(found.group(1)) if found else None


def kind_of(number):
    return {0: "rwlock", 1: "semaphore"}.get(number % 4, "mutex")


def implausible(view):
    """What cannot have been, as sentences. `view` is what `gordian inspect --format json` wrote."""
    wrong = [f"a finding: {finding['rule']} ({finding['grade']}): {finding['summary']}" for finding in view["findings"]]
    if view["running"]:
        wrong.append("it is said to be running")
    holders = collections.defaultdict(list)
    for thread in view["threads"]:
        who = f"thread {thread['thread']['tid']} ({thread['state']})"
        numbers = []
        for hold in thread["holds"]:
            number = number_of(hold["resource"]["name"])
            if number is None or hold["resource"]["kind"] != kind_of(number):
                wrong.append(f"{who} holds {hold['resource']}, which is none of the locks")
                continue
            numbers.append(number)
            holders[number].append(hold["mode"])
        if numbers != sorted(set(numbers)) or len(numbers) > 6:
            wrong.append(f"{who} holds {numbers}, which it cannot have taken in this order")
        wait = thread["wait"] and thread["wait"]["waits_for"]
        if wait and wait["kind"] != "thread":
            number = number_of(wait["name"])
            if number is None or wait["kind"] != kind_of(number):
                wrong.append(f"{who} waits for {wait}, which is none of the locks")
            elif numbers and number <= max(numbers):
                wrong.append(f"{who} waits for lock_{number:02} with {numbers} in its hands")
    for number, modes in holders.items():
        if len(modes) > 1 and "exclusive" in modes:
            wrong.append(f"lock_{number:02} is held {' and '.join(modes)} at once")
    return wrong


@dataclasses.dataclass
class Outcome:
    wrong: list
    views: list = dataclasses.field(default_factory=list)
    unfinished: int = 0


def summaries(text):
    try:
        return [finding["summary"] for finding in json.loads(text)["findings"]]
    except (json.JSONDecodeError, KeyError):
        return text[:200]


def wait_until_ready(process):
    readable, _, _ = select.select([process.stdout], [], [], BOUND)
    return bool(readable) and os.read(process.stdout.fileno(), 1) == b"r"


def run_and_kill(options, kind, directory, delay):
    """Returns what went wrong before the kill, as a sentence, or None."""
    environment = dict(
        os.environ, LD_PRELOAD=os.path.join(options.tools, "libgordian-hooks.so"), GORDIAN_OPTIONS=f"dir={directory}"
    )
    process = subprocess.Popen(
        [options.program, *kind.arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        ready = wait_until_ready(process) if kind.handshake else True
        time.sleep(delay)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        _, error = process.communicate(timeout=BOUND)
    if not ready:
        return f"it was never ready: {error.decode(errors='replace')}"
    if process.returncode != -signal.SIGKILL or error:
        return f"it ended by itself ({process.returncode}) or said something: {error.decode(errors='replace')}"
    return None


def wait_until_dead(pid):
    """What a killed process forked is not ours to wait for; it is dead as soon as it is a zombie."""
    deadline = time.monotonic() + BOUND
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                if file.read().rpartition(")")[2].split()[0] in "ZX":
                    return
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.001)


def inspect(options, path, outcome):
    wait_until_dead(int(os.path.basename(path).partition(".")[0]))
    done = subprocess.run(
        [os.path.join(options.tools, "gordian"), "inspect", "--format", "json", path],
        capture_output=True, text=True, timeout=BOUND, check=False,
    )
    if done.returncode == 2 and NOT_FINISHED.search(done.stderr) and done.stderr.count("\n") == 1:
        outcome.unfinished += 1
        return
    if done.returncode != 0 or done.stderr:
        outcome.wrong.append(f"inspect: exit code {done.returncode}: {done.stderr or summaries(done.stdout)}")
        return
    view = json.loads(done.stdout)
    outcome.views.append(view)
    outcome.wrong += implausible(view)


def kill_once(options, kind, index, delay):
    outcome = Outcome([])
    with tempfile.TemporaryDirectory(prefix="gordian-test-", dir=options.scratch) as directory:
        problem = run_and_kill(options, kind, directory, delay)
        if problem:
            outcome.wrong.append(problem)
        for path in sorted(glob.glob(os.path.join(directory, "*.flight"))):
            inspect(options, path, outcome)
        if kind.must_be_read and (len(outcome.views) != 1 or outcome.unfinished):
            outcome.wrong.append(f"{len(outcome.views)} records were read and {outcome.unfinished} not finished, one is expected")
    outcome.wrong = [f"{kind.name}, kill {index} after {1000 * delay:.2f} ms: {sentence}" for sentence in outcome.wrong]
    return outcome


def told(views):
    """What all the records say together, so that a test that sees nothing cannot pass."""
    threads = [thread for view in views for thread in view["threads"]]
    holds = [hold for thread in threads for hold in thread["holds"]]
    return {
        "records": len(views),
        "holds": len(holds),
        "shared holds": sum(hold["mode"] == "shared" for hold in holds),
        "waits": sum(bool(thread["wait"]) for thread in threads),
        "different locks held": len({hold["resource"]["name"] for hold in holds}),
        "most locks of one thread": max((len(thread["holds"]) for thread in threads), default=0),
    }


def run_kind(options, kind, generator):
    count = max(1, round(options.kills * kind.share))
    delays = [generator.uniform(0, kind.latest) for _ in range(count)]
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda job: kill_once(options, kind, *job), enumerate(delays)))
    views = [view for outcome in outcomes for view in outcome.views]
    facts = told(views)
    print(
        f"{kind.name}: {count} kills in {time.monotonic() - started:.1f} s, "
        + ", ".join(f"{value} {name}" for name, value in facts.items())
        + f", {sum(outcome.unfinished for outcome in outcomes)} not finished"
    )
    wrong = [sentence for outcome in outcomes for sentence in outcome.wrong]
    if kind.name == "running" and options.kills >= 100:
        least = {"holds": count, "shared holds": 1, "waits": count, "different locks held": 16, "most locks of one thread": 4}
        wrong += [f"{kind.name}: {facts[name]} {name}, too few" for name, few in least.items() if facts[name] < few]
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tools", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--kills", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1971)
    options = parser.parse_args()
    options.tools = os.path.abspath(options.tools)
    options.program = os.path.abspath(options.program)
    options.scratch = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    generator = random.Random(options.seed)
    wrong = [sentence for kind in KINDS for sentence in run_kind(options, kind, generator)]
    print("\n".join(wrong[:40]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
