#!/usr/bin/env python3
"""Runs a real program bare and under `gordian run`, and demands the same: exit code, output, no finding
but unlikely inversions and what the case suppresses.

    compare.py --gordian GORDIAN [--long] CASE...
    compare.py --list

The cases are in cases.py. Each says what it needs; where that is missing the exit code is 77, which ctest shows as
skipped. Both runs are bounded, have a process group of their own and a directory of their own to work in; whatever they
start is killed when they are over.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import run_program  # noqa: E402

SKIPPED = 77
BOUND = 120.0


class Missing(Exception):
    """The machine has not what the case needs."""


class Run(run_program.Run):
    """May run beside another: what escaped from its group is only sought when no other run is left, whose process it could be."""

    active = 0

    def __enter__(self):
        Run.active += 1
        return super().__enter__()

    def __exit__(self, *_):
        Run.active -= 1
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        if Run.active == 0:
            run_program.kill_orphans()


class Environment:
    """One of the two runs: where it works, and how it starts programs."""

    def __init__(self, directory, gordian=None, suppressions=None):
        self.directory = directory
        self.gordian = [gordian, "run", *(["--suppressions", suppressions] if suppressions else [])] if gordian else None
        self.reports = []

    def start(self, command, environment=None):
        """A Run of the command, its output in files of its own. Use it in a `with`."""
        number = len(os.listdir(self.directory))
        place = os.path.join(self.directory, f"run-{number}")
        os.mkdir(place)
        if self.gordian:
            report = os.path.join(place, "report")
            os.mkdir(report)
            self.reports.append(report)
            command = [*self.gordian, "--report-dir", report, "--", *command]
        return Run(["env", *(f"{k}={v}" for k, v in (environment or {}).items()), *command], place)

    def run(self, *command, environment=None, bound=BOUND):
        """To its end: (exit code, standard output, standard error); the code is None when it had to be killed."""
        with self.start(list(command), environment) as run:
            code = run.wait(bound)
            return code, run.output(), run.error()

    def findings(self):
        """What was found, over all runs, as sentences; a run that left no report is a sentence, too."""
        found = []
        for directory in self.reports:
            report = run_program.read_report(directory)
            if report is None:
                found.append(f"no report.json in {directory}")
                continue
            # An order that cannot deadlock, as far as was seen, is no reproach.
            left = [f for f in report["findings"] if not f["suppressed"] and not run_program.is_unlikely_inversion(f)]
            found += [f"{f['rule']} ({f['grade']}): {f['summary']}" for f in left]
            if left:
                found.append(json.dumps(left, indent=1)[:6000])
        return found


def shorten(outcome):
    text = repr(outcome)
    return text if len(text) < 1500 else text[:1500] + f"... ({len(text)} characters)"


def differences(bare, watched):
    """Outcomes are dictionaries: name -> value."""
    wrong = []
    for name in sorted(set(bare) | set(watched)):
        if bare.get(name) != watched.get(name):
            wrong.append(f"{name}: bare {shorten(bare.get(name))}\n    under gordian {shorten(watched.get(name))}")
    return wrong


def check(case, gordian, long):
    with tempfile.TemporaryDirectory(prefix="gordian-real-") as directory:
        prepared = os.path.join(directory, "input")
        os.mkdir(prepared)
        case.prepare(prepared)
        environments = []
        suppressions = os.path.join(directory, "suppressions") if case.suppressions else None
        if suppressions:
            with open(suppressions, "w", encoding="utf-8") as file:
                file.write(case.suppressions)
        for name, launcher in (("bare", None), ("watched", gordian)):
            place = os.path.join(directory, name)
            os.mkdir(place)
            environments.append(Environment(place, launcher, suppressions))
        with ThreadPoolExecutor(max_workers=2 if case.waits else 1) as runs:
            outcomes = list(runs.map(lambda environment: case.run(environment, prepared, long), environments))
        wrong = case.broken(outcomes[0]) or differences(*outcomes)
        return wrong + [f"found: {text}" for text in environments[1].findings()]


def main():
    import cases

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gordian")
    parser.add_argument("--long", action="store_true", help="the full sizes, for minutes")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("case", nargs="*", choices=[*cases.CASES, []], metavar="CASE")
    options = parser.parse_args()
    if options.list:
        print("\n".join(cases.CASES))
        return
    if not options.gordian or not os.access(options.gordian, os.X_OK):
        sys.exit("--gordian must name the launcher: build gordian first")
    run_program.become_reaper()
    failed = skipped = 0
    for name in options.case:
        case = cases.CASES[name]
        try:
            missing = [need for need in case.needs if shutil.which(need) is None]
            if missing:
                raise Missing(f"{', '.join(missing)} is not installed")
            wrong = check(case, options.gordian, options.long)
        except Missing as reason:
            print(f"{name}: skipped: {reason}")
            skipped += 1
            continue
        print(f"{name}: " + ("as bare" if not wrong else "differs"))
        for sentence in wrong:
            print(f"  {sentence}")
        failed += bool(wrong)
    sys.exit(1 if failed else SKIPPED if skipped else 0)


if __name__ == "__main__":
    main()
