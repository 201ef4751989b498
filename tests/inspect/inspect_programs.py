#!/usr/bin/env python3
"""Lets a program hang with nothing preloaded, inspects it from outside, and judges what was found.

    inspect_programs.py --gordian GORDIAN --source FILE [--no-core] PROGRAM

What must be found, and nothing else, is said among the first lines of FILE:

    // INSPECT: rule=deadlock grade=proven threads=2 kinds=pipe,pipe processes=2
    // INSPECT[timeout]: nothing

The word in brackets is the program's argument: one line or more for each variant of it. The keys are those of the EXPECT
lines (run_program.py), and `processes`, the number of different processes in the finding, else 1.

The program is inspected with its children, the second time without stopping anything: the same must be found. Where it
is one process, a core of it must tell the same, too: rule, grade, kinds and fingerprint. In the end it must still
stand where it stood.
"""

import argparse
import ctypes
import dataclasses
import os
import re
import sys
import tempfile

import inspecting
import run_program
from inspecting import Wrong, expect

SKIPPED = 77
MOVES_ON = 1.0  # seconds for those to fall asleep that will, where others never do


def read_expectations(path):
    """{argument: [(expectation, processes)]}, with an empty list where nothing must be found."""
    variants = {}
    with open(path, encoding="utf-8") as source:
        first_lines = source.readlines()[:20]
    for line in first_lines:
        match = re.match(r"\s*//\s*INSPECT(?:\[(\w+)\])?:\s*(.*)", line)
        if not match:
            continue
        expectations = variants.setdefault(match[1] or "", [])
        if match[2].strip() == "nothing":
            continue
        text, processes = re.subn(r"\s+processes=\d+", "", match[2]), re.search(r"processes=(\d+)", match[2])
        expectations.append((run_program.parse_expectation(text[0]), int(processes[1]) if processes else 1))
    return variants


def differences(expected, processes, finding):
    kernel_kinds = set(expected.kinds or ()) & inspecting.KERNEL_KINDS
    if expected.grades == ["proven"] and kernel_kinds and not inspecting.all_are_seen():
        expected = dataclasses.replace(expected, grades=["inferred"])
    found = [each for each in run_program.differences(expected, finding, 0) if not each.startswith("process:")]
    pids = {(step.get("thread") or {}).get("pid") for step in finding["cycle"]}
    if len(pids) != processes:
        found.append(f"{processes} processes are expected: {pids}")
    return found


def judge(expectations, inspected):
    """Everything expected is there, and nothing else."""
    expect(inspected.report is not None, f"no report: {inspected}")
    left = list(inspected.findings())
    for expected, processes in expectations:
        fitting = [finding for finding in left if not differences(expected, processes, finding)]
        near = [(inspecting.told(f), differences(expected, processes, f)) for f in left]
        expect(fitting, f"not found: {expected}; what was found: {near}")
        left.remove(fitting[0])
    expect(not left, f"unexpected: {[inspecting.told(finding) for finding in left]}")
    wrong = [each for finding in inspected.findings() for each in run_program.malformed(finding)]
    expect(not wrong, "; ".join(wrong))
    expect(inspected.code == (1 if expectations else 0), f"exit code {inspected.code}")


def is_told_by_memory(live, pid):
    """What the kernel alone knows is in no core, and gdb writes none once the first thread has ended."""
    steps = [step for finding in live.findings() for step in finding["cycle"]]
    kinds = {step["waits_for"]["kind"] for step in steps}
    has_leader = " Z " not in inspecting.read_text(f"/proc/{pid}/stat")
    return has_leader and {step["thread"]["pid"] for step in steps} == {pid} and not kinds & inspecting.KERNEL_KINDS


def judge_core(options, directory, pid, live):
    from_core = inspecting.inspect(options.gordian, inspecting.core_of(pid, directory))
    expect(from_core.report is not None, f"no report of the core: {from_core}")
    expect(
        inspecting.identities(from_core.report) == inspecting.identities(live.report),
        f"the core tells {inspecting.identities(from_core.report)}, the process {inspecting.identities(live.report)}",
    )


def remove_objects(output):
    """What the program says it has made and the kernel keeps."""
    libc = ctypes.CDLL(None)
    for kind, number in re.findall(r"^(semaphores|queue) (\d+)$", output, re.M):
        if kind == "queue":
            libc.msgctl(int(number), 0, None)  # IPC_RMID
        else:
            libc.semctl(int(number), 0, 0, None)


def run_variant(options, argument, expectations):
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        command = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', directory, os.path.abspath(options.program), *([argument] if argument else [])]
        try:
            with run_program.Run(command, directory) as run:
                inspect_running(options, run, directory, expectations)
        finally:
            remove_objects(run.output().decode())


def inspect_running(options, run, directory, expectations):
    pid = run.process.pid
    hangs = inspecting.await_hang(pid, inspecting.HANGS_WITHIN if expectations else MOVES_ON)
    expect(not run.ended(), f"the program ended: {run.error()}")
    expect(hangs or not expectations, "the program does not fall asleep")
    before = inspecting.standing(inspecting.family_of(pid)) if hangs else None
    live = inspecting.inspect(options.gordian, "--children", pid)
    judge(expectations, live)
    without_stop = inspecting.inspect(options.gordian, "--children", "--no-stop", pid)
    expect(
        inspecting.identities(without_stop.report) == inspecting.identities(live.report),
        f"--no-stop tells {inspecting.identities(without_stop.report)}, else {inspecting.identities(live.report)}",
    )
    if expectations and is_told_by_memory(live, pid) and not options.no_core and inspecting.has_gdb():
        judge_core(options, directory, pid, live)
    after = inspecting.standing(inspecting.family_of(pid)) if hangs else None
    expect(not run.ended(), f"the program ended while it was inspected: {run.error()}")
    expect((before or {}).keys() == (after or {}).keys(), f"other threads than before: {before}, {after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gordian", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--no-core", action="store_true")
    parser.add_argument("program")
    options = parser.parse_args()
    variants = read_expectations(options.source)
    if not variants:
        sys.exit(f"{options.source} has no INSPECT line")
    run_program.become_reaper()
    failed = False
    for argument, expectations in variants.items():
        try:
            run_variant(options, argument, expectations)
            print(f"{argument or 'plain'}: as expected")
        except Wrong as sentence:
            failed = True
            print(f"{argument or 'plain'}: FAILED: {sentence}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
