#!/usr/bin/env python3
"""One hang, looked at in every way there is: rule, grade, kinds and fingerprint are the same.

    same_everywhere.py --gordian GORDIAN PROGRAM

The ways: the report of `gordian run`, its flight record while the program hangs, the process without anything preloaded,
a core of it, a core with its record, and the record that is left when the preloaded program is killed. The program runs with its symbols, without
its debug information, and stripped; its locks are in globals, or in the heap when its argument is `heap`.
"""

import argparse
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import inspecting
import run_program
from inspecting import Wrong, expect

SKIPPED = 77


def wait_for(what, condition):
    deadline = time.monotonic() + inspecting.BOUND
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(inspecting.POLL)
    raise Wrong(f"{what}: not within {inspecting.BOUND:.0f} s")


def told_by(report, way):
    expect(report is not None, f"{way}: no report")
    told = inspecting.identities(report)
    expect(len(told) == 1, f"{way}: one finding is expected: {told}")
    return told[0]


def watched(gordian, command, directory):
    """Under `gordian run`: the report and the record while it hangs, and the record after SIGKILL."""
    reports = os.path.join(directory, "report")
    os.mkdir(reports)
    told = {}
    with run_program.Run([gordian, "run", "--report-dir", reports, "--", *command], directory) as run:
        report = wait_for("a finding", lambda: (found := run_program.read_report(reports)) and found["findings"] and found)
        told["run"] = told_by(report, "run")
        pid = report["program"]["pid"]
        record = re.search(r"/\S+\.flight", inspecting.read_text(f"/proc/{pid}/maps"))[0]
        told["record while it hangs"] = told_by(inspecting.inspect(gordian, record).report, "record while it hangs")
        core = inspecting.core_of(pid, directory)
        told["core and record"] = told_by(inspecting.inspect(gordian, core).report, "core and record")
        os.kill(pid, signal.SIGKILL)
        run.wait(inspecting.BOUND)
        left = wait_for("the record that is left", lambda: glob.glob(f"{reports}/*.flight"))
        told["record after SIGKILL"] = told_by(inspecting.inspect(gordian, left[0]).report, "record after SIGKILL")
    return told


def unwatched(gordian, command, directory):
    told = {}
    with run_program.Run(command, directory) as run:
        pid = run.process.pid
        expect(inspecting.await_hang(pid), "the program does not fall asleep")
        told["pid"] = told_by(inspecting.inspect(gordian, pid).report, "pid")
        told["pid without a stop"] = told_by(inspecting.inspect(gordian, "--no-stop", pid).report, "pid without a stop")
        core = inspecting.core_of(pid, directory)
        told["core"] = told_by(inspecting.inspect(gordian, core).report, "core")
        told["core and program"] = told_by(inspecting.inspect(gordian, core, command[0]).report, "core and program")
    told["core of one that has ended"] = told_by(inspecting.inspect(gordian, core).report, "core of one that has ended")
    return told


def run_one(gordian, program, how, argument):
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        copy = os.path.join(directory, "two_mutexes")
        shutil.copy(program, copy)
        if how:
            subprocess.run(["strip", how, copy], check=True)
        command = [copy, *([argument] if argument else [])]
        told = {**watched(gordian, command, directory), **unwatched(gordian, command, directory)}
    expect(len(set(told.values())) == 1, "they differ:\n" + "\n".join(f"  {way}: {what}" for way, what in told.items()))
    rule, grade, kinds, _ = told["pid"]
    expect((rule, grade, kinds) == ("deadlock", "proven", ("mutex", "mutex")), f"it is {told['pid']}")
    return len(told)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gordian", required=True)
    parser.add_argument("program")
    options = parser.parse_args()
    if not inspecting.has_gdb() or shutil.which("strip") is None:
        print("needs gdb and strip")
        sys.exit(SKIPPED)
    run_program.become_reaper()
    failed = False
    for how in ("", "--strip-debug", "--strip-all"):
        for argument in ("", "heap"):
            name = f"{how or 'with symbols'}, {argument or 'globals'}"
            try:
                print(f"{name}: {run_one(options.gordian, options.program, how, argument)} ways, all the same")
            except Wrong as sentence:
                failed = True
                print(f"{name}: FAILED: {sentence}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
