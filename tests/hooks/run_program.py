#!/usr/bin/env python3
"""Runs one test program under `gordian run` and judges what was reported.

    run_program.py deadlock --gordian GORDIAN --source FILE [--] PROGRAM [ARGUMENT...]
    run_program.py healthy  --gordian GORDIAN --source FILE [--] PROGRAM [ARGUMENT...]
    run_program.py misuse   --gordian GORDIAN --source FILE [--] PROGRAM [ARGUMENT...]
    run_program.py latent   --gordian GORDIAN --source FILE [--] PROGRAM [ARGUMENT...]
    run_program.py innocent --gordian GORDIAN --source FILE [--] PROGRAM [ARGUMENT...]

A deadlock is awaited in report.json while the program hangs; then everything is killed. It must be exactly what the
EXPECT lines of FILE say, and nothing else. A healthy program runs bare and under gordian: same exit code, same standard
output, no finding but what its EXPECT lines say, where it has any. So does one that misuses its locks, which must have
such lines. So does a latent one, whose EXPECT lines say what is found all the same, and an innocent one, in which
nothing is found that is more than unlikely. Further unlikely inversions are welcome in all but those that misuse, unless
a line of a latent or innocent one says EXPECT-NO-UNLIKELY. A program whose bare output begins with "skipped:" is skipped (exit code 77).

An expectation is a comment among the first lines of the source (`//` or `#`):

    // EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right

    rule     the rule; `a|b` accepts either
    grade    the grade; `a|b` accepts either
    threads  the number of steps in the cycle
    kinds    the kinds of all resources waited for, sorted; `mutex*3` is mutex,mutex,mutex
    has      kinds that must be among them, when the members are not all fixed
    names    each must be part of the name of a resource waited for
    process  `child` when the process of the finding is not the program itself
    optional the finding may be there or not

Every run is bounded, and no process outlives it: each gets a process group of its own, which is killed in the end, and
what escaped from that group (a daemon) comes to this process, as its reaper, and is killed, too.
"""

import argparse
import contextlib
import ctypes
import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

BOUND = 20.0  # seconds for one run
POLL = 0.02
SETTLE = 0.3  # after the expected finding: time for one that should not come
CONDITIONS = ("mutual_exclusion", "hold_and_wait", "no_preemption", "circular_wait")
HOLDING_RULES = ("deadlock", "self-deadlock")  # for these all four conditions hold
CALL_RULES = (  # about one wrong call: no conditions
    "lock-held-at-exit",
    "unlock-not-held",
    "unlock-not-owner",
    "destroy-while-held",
    "init-while-held",
    "condition-mutex-mismatch",
    "wait-without-mutex",
    "priority-inversion",
)
SKIPPED = 77
INVERSION = "lock-order-inversion"
PR_SET_CHILD_SUBREAPER = 36


@dataclasses.dataclass
class Expectation:
    rules: list
    grades: list
    threads: int | None = None
    kinds: list | None = None
    has: list = dataclasses.field(default_factory=list)
    names: list = dataclasses.field(default_factory=list)
    in_child: bool = False
    optional: bool = False

    def __str__(self):
        return f"{'|'.join(self.rules)} ({'|'.join(self.grades)})"


def parse_kinds(text):
    kinds = []
    for item in text.split(","):
        kind, _, count = item.partition("*")
        kinds += [kind] * int(count or 1)
    return sorted(kinds)


def parse_expectation(line):
    """Values may contain spaces ("static guard"): a value ends where the next key begins."""
    text, optional = re.subn(r"\s+optional\s*$", "", line.strip())
    fields = dict(re.findall(r"(\w+)=(.*?)(?=\s+\w+=|$)", text))
    unknown = set(fields) - {"rule", "grade", "threads", "kinds", "has", "names", "process"}
    if unknown or "rule" not in fields or "grade" not in fields:
        raise ValueError(f"cannot read the expectation: {line}")
    return Expectation(
        rules=fields["rule"].split("|"),
        grades=fields["grade"].split("|"),
        threads=int(fields["threads"]) if "threads" in fields else None,
        kinds=parse_kinds(fields["kinds"]) if "kinds" in fields else None,
        has=parse_kinds(fields["has"]) if "has" in fields else [],
        names=fields["names"].split(",") if "names" in fields else [],
        in_child=fields.get("process") == "child",
        optional=bool(optional),
    )


def first_lines(path):
    with open(path, encoding="utf-8") as source:
        return [next(source, "") for _ in range(10)]


def read_expectations(path):
    found = [re.match(r"\s*(?://|#)\s*EXPECT:\s*(.*)", line) for line in first_lines(path)]
    return [parse_expectation(match.group(1)) for match in found if match]


def forbids_unlikely(path):
    return any(re.match(r"\s*//\s*EXPECT-NO-UNLIKELY\b", line) for line in first_lines(path))


def is_unlikely_inversion(finding):
    return finding.get("rule") == INVERSION and finding.get("grade") == "unlikely"


def differences(expected, finding, program_pid):
    """What of the finding is not as expected, as sentences."""
    found = []

    def compare(what, wanted, got, same):
        if not same:
            found.append(f"{what}: expected {wanted}, got {got}")

    cycle = finding.get("cycle", [])
    waits = [step.get("waits_for") or {} for step in cycle]
    kinds = sorted(wait.get("kind", "") for wait in waits)
    names = [wait.get("name", "") for wait in waits]
    rule, grade = finding.get("rule"), finding.get("grade")
    compare("rule", "|".join(expected.rules), rule, rule in expected.rules)
    compare("grade", "|".join(expected.grades), grade, grade in expected.grades)
    if expected.threads is not None:
        compare("steps in the cycle", expected.threads, len(cycle), len(cycle) == expected.threads)
    if expected.kinds is not None:
        compare("kinds", expected.kinds, kinds, kinds == expected.kinds)
    for kind in expected.has:
        compare("kinds", f"one that is {kind}", kinds, kind in kinds)
    for name in expected.names:
        compare("names", f"one with {name}", names, any(re.search(rf"\b{re.escape(name)}\b", n) for n in names))
    pids = {(step.get("thread") or {}).get("pid") for step in cycle} - {0}
    if expected.in_child:
        compare("process", f"a child of {program_pid}", pids, len(pids) == 1 and not pids & {program_pid, None})
    else:
        compare("process", program_pid, pids, pids == {program_pid})
    return found


def malformed(finding):
    """What every finding owes, whatever it is about."""
    found = []
    cycle = finding.get("cycle") or []
    if not cycle:
        found.append("the cycle is empty")
    for number, step in enumerate(cycle):
        if not step.get("waiting_at"):
            found.append(f"step {number}: waiting_at is empty")
        thread = step.get("thread") or {}
        is_unlisted = finding.get("rule") == INVERSION and thread.get("name") == "another thread"
        if not thread.get("tid") and not is_unlisted:
            found.append(f"step {number}: no thread.tid")
        if not (step.get("waits_for") or {}).get("name"):
            found.append(f"step {number}: waits_for has no name")
    tids = [tid for step in cycle if (tid := (step.get("thread") or {}).get("tid"))]
    if len(set(tids)) != len(tids) and not is_unlikely_inversion(finding):
        found.append(f"a thread is in the cycle twice: {tids}")
    conditions = finding.get("conditions") or {}
    if finding.get("rule") in CALL_RULES:
        found += [f"condition {name}, of a call" for name in conditions]
        found += [f"no {part}" for part in ("summary", "fix") if not finding.get(part)]
    for name in CONDITIONS if finding.get("rule") not in CALL_RULES else ():
        condition = conditions.get(name)
        if condition is None:
            found.append(f"condition {name} is missing")
            continue
        if not condition.get("evidence"):
            found.append(f"condition {name} has no evidence")
        if finding.get("rule") in HOLDING_RULES and condition.get("holds") is not True:
            found.append(f"condition {name} does not hold: {condition.get('evidence')}")
    if not finding.get("fingerprint"):
        found.append("no fingerprint")
    if finding.get("rule") == INVERSION:
        found += malformed_inversion(finding)
    return found


def malformed_inversion(finding):
    """A conflict that can come true has all four conditions; one that cannot says which of them fails."""
    found = []
    cycle = finding.get("cycle") or []
    conditions = finding.get("conditions") or {}
    failing = [name for name in CONDITIONS if (conditions.get(name) or {}).get("holds") is not True]
    if finding.get("grade") == "unlikely" and not failing:
        found.append("unlikely, but all four conditions hold")
    if finding.get("grade") != "unlikely" and failing:
        found.append(f"{finding.get('grade')}, but there is no {', no '.join(failing)}")
    if len(cycle) < 2:
        found.append(f"an inversion of {len(cycle)} steps")
    # A thread that is joined holds nothing but itself.
    joined = any((step.get("waits_for") or {}).get("kind") == "thread" for step in cycle)
    for number, step in enumerate(cycle):
        holds = step.get("holds") or []
        if not holds and not joined:
            found.append(f"step {number} holds nothing")
        found += [
            f"step {number}: a hold without a place"
            for hold in holds
            if not hold.get("acquired_at") and (hold.get("resource") or {}).get("kind") != "thread"
        ]
    if finding.get("grade") == "confirmed" and not finding.get("schedule"):
        found.append("confirmed without a schedule")
    return found


def match(expectations, findings, program_pid):
    """Pairs each expectation with a finding of its own. Returns (missing expectations, findings left over)."""
    left, missing = list(findings), []
    for expected in sorted(expectations, key=lambda e: e.optional):
        fitting = next((f for f in left if not differences(expected, f, program_pid)), None)
        if fitting is not None:
            left.remove(fitting)
        elif not expected.optional:
            missing.append(expected)
    # A finding that an optional expectation allows may come once per thread.
    allowed = [e for e in expectations if e.optional]
    left = [f for f in left if all(differences(e, f, program_pid) for e in allowed)]
    return missing, left


def judge(expectations, report, unlikely_too=False):
    """All that is wrong with a report, as sentences; empty when it is as expected. `unlikely_too`: whatever else is an
    unlikely inversion is right."""
    findings = report.get("findings", [])
    program_pid = (report.get("program") or {}).get("pid")
    missing, left = match(expectations, findings, program_pid)
    left = [f for f in left if not (unlikely_too and is_unlikely_inversion(f))]
    wrong = [f"{finding.get('rule')}: {sentence}" for finding in findings for sentence in malformed(finding)]
    for expected in missing:
        wrong.append(f"not found: {expected}")
        wrong += [
            f"  {f.get('rule')} differs in {sentence}" for f in left for sentence in differences(expected, f, program_pid)
        ]
    wrong += [f"unexpected: {f.get('rule')} ({f.get('grade')}): {f.get('summary')}" for f in left]
    return wrong


class Run:
    """A command in its own process group, its output in files; whatever it started is dead when the block is left."""

    def __init__(self, command, directory):
        self.output_path = os.path.join(directory, "stdout")
        self.error_path = os.path.join(directory, "stderr")
        with open(self.output_path, "wb") as output, open(self.error_path, "wb") as error:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=error, start_new_session=True
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.let_leader_end()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        kill_orphans()

    def let_leader_end(self):
        """Kills the others of the group and gives the leader time: a killed gordian could not clear up in /dev/shm."""
        others = self.others()
        deadline = time.monotonic() + 3
        while others and self.process.poll() is None and time.monotonic() < deadline:
            for pid in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.wait(0.2)
            others = self.others() or others

    def others(self):
        return [pid for pid in group_members(self.process.pid) if pid != self.process.pid]

    def wait(self, seconds):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def ended(self):
        return self.process.poll() is not None

    def output(self):
        return read_bytes(self.output_path)

    def error(self):
        return read_bytes(self.error_path).decode(errors="replace")


def group_members(group):
    members = []
    for name in os.listdir("/proc"):
        with contextlib.suppress(ValueError, OSError):
            if os.getpgid(int(name)) == group:
                members.append(int(name))
    return members


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def become_reaper():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_orphans():
    """Kills and reaps what was left behind and so became a child of this process."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            children = [int(pid) for pid in file.read().split()]
        if not children:
            return
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def read_report(directory):
    """The report, or None while there is none or it is only half written."""
    try:
        with open(os.path.join(directory, "report.json"), encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def under_gordian(options, directory):
    return [options.gordian, "run", "--report-dir", directory, "--", *options.program]


def run_deadlock(options):
    expectations = read_expectations(options.source)
    if not any(not expected.optional for expected in expectations):
        return [f"{options.source} says no EXPECT line that must come true"]
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        report_directory = os.path.join(directory, "report")
        os.mkdir(report_directory)
        started = time.monotonic()
        told = None
        with Run(under_gordian(options, report_directory), directory) as run:
            while time.monotonic() < started + BOUND and not run.ended():
                report = read_report(report_directory)
                if report and not match(expectations, report["findings"], report["program"].get("pid"))[0]:
                    told = time.monotonic()
                    time.sleep(SETTLE)
                    break
                time.sleep(POLL)
            ended = run.ended()
            error = run.error()
            report = read_report(report_directory)
        wrong = []
        if ended:
            wrong.append(f"the program ended (exit code {run.process.returncode}), it should hang")
        if report is None:
            wrong.append(f"no report.json within {BOUND:.0f} s")
        else:
            wrong += judge(expectations, report)
        if told:
            print(f"told {1000 * (told - started):.0f} ms after the start")
        if wrong:
            print(f"--- stderr\n{error}--- report\n{json.dumps(report, indent=1)}")
        return wrong


def run_to_end(command, directory, bound=BOUND):
    with Run(command, directory) as run:
        code = run.wait(bound)
        return code, run.output(), run.error()


class Skipped(Exception):
    pass


def run_healthy(options):
    return run_twice(options, read_expectations(options.source), unlikely_too=True)


def run_misuse(options):
    expectations = read_expectations(options.source)
    if not any(not expected.optional for expected in expectations):
        return [f"{options.source} says no EXPECT line that must come true"]
    return run_twice(options, expectations)


def is_more_than_unlikely(expectation):
    return expectation.grades != ["unlikely"]


def run_latent(options):
    expectations = read_expectations(options.source)
    if not any(is_more_than_unlikely(e) and not e.optional for e in expectations):
        return [f"{options.source} says no EXPECT line that must come true and is at least possible"]
    return run_twice(options, expectations, not forbids_unlikely(options.source))


def run_innocent(options):
    expectations = read_expectations(options.source)
    if any(e.rules != [INVERSION] or is_more_than_unlikely(e) for e in expectations):
        return [f"{options.source} expects more than an unlikely inversion"]
    return run_twice(options, expectations, not forbids_unlikely(options.source))


def run_twice(options, expectations, unlikely_too=False):
    """Bare and under gordian."""
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        bare_code, bare_output, bare_error = run_to_end(options.program, directory)
        if bare_code != 0:
            return [f"bare: exit code {bare_code}, should be 0", bare_error]
        if bare_output.startswith(b"skipped:"):
            raise Skipped(bare_output.decode().strip())
        report_directory = os.path.join(directory, "report")
        os.mkdir(report_directory)
        code, output, error = run_to_end(under_gordian(options, report_directory), directory)
        report = read_report(report_directory)
    wrong = []
    if code is None:
        wrong.append(f"under gordian: still running after {BOUND:.0f} s")
    elif code != bare_code:
        wrong.append(f"exit code {code}, bare {bare_code}")
    if output != bare_output:
        wrong.append(f"standard output differs: {output!r}, bare {bare_output!r}")
    if report is None:
        wrong.append("no report.json")
    else:
        wrong += judge(expectations, report, unlikely_too)
    if wrong:
        print(f"--- stderr\n{error}--- report\n{json.dumps(report, indent=1)}")
    return wrong


RUNS = {
    "deadlock": run_deadlock,
    "healthy": run_healthy,
    "misuse": run_misuse,
    "latent": run_latent,
    "innocent": run_innocent,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=RUNS)
    parser.add_argument("--gordian", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()
    if not os.access(options.gordian, os.X_OK):
        sys.exit(f"{options.gordian} is not there: build gordian first")
    become_reaper()
    try:
        wrong = RUNS[options.kind](options)
    except Skipped as reason:
        print(reason)
        sys.exit(SKIPPED)
    for sentence in wrong:
        print(sentence)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
