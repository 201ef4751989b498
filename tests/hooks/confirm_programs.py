#!/usr/bin/env python3
"""Runs test programs under `gordian run`, and what was reported through `gordian confirm`.

    confirm_programs.py --gordian GORDIAN --sources DIRECTORY [--selection PATTERN] PROGRAMS_DIRECTORY

Programs of latent/ and innocent/ whose folder/name matches the pattern, one after the other. A latent one says among its
first lines what steering can reach:

    // CONFIRM: reachable=yes             each expected finding is confirmed, and nothing else is
    // CONFIRM: reachable=no (reason)     parking threads at their calls need not reach it; what is confirmed is expected
    // CONFIRM: reachable=never (reason)  no schedule reaches it: nothing is confirmed

In an innocent one nothing is confirmed, however hard it is tried. `confirm` ends with 1 where something is confirmed and
with 0 where nothing is.
"""

import argparse
import dataclasses
import json
import os
import re
import sys
import tempfile

import run_program

TRIES = 10
TRIES_IN_VAIN = 3  # where nothing is to be reached
TIMEOUT = 20  # seconds for one try
BOUND = TRIES * TIMEOUT + 40.0
REACHABLE = ("yes", "no", "never")


def read_reachable(path):
    """What the CONFIRM line of a latent program says; an innocent one has none."""
    for line in run_program.first_lines(path):
        found = re.match(r"\s*//\s*CONFIRM:\s*reachable=(\w+)(?:\s+\((.+)\))?\s*$", line)
        if found:
            word, reason = found.groups()
            if word not in REACHABLE or (word != "yes") != (reason is not None):
                raise ValueError(f"{path}: cannot read {line.strip()}")
            return word
    if os.path.basename(os.path.dirname(path)) == "innocent":
        return "never"
    raise ValueError(f"{path} has no CONFIRM line")


def judge_confirmation(reachable, expectations, code, report):
    """All that is wrong with what confirm said, as sentences. `report` is None when there is none."""
    if code not in (0, 1):
        return [f"confirm: exit code {code}"]
    if report is None:
        return ["confirm wrote no report"]
    confirmed = [f for f in report.get("findings", []) if f.get("grade") == "confirmed"]
    wrong = [sentence for finding in confirmed for sentence in run_program.malformed(finding)]
    if code != (1 if confirmed else 0):
        wrong.append(f"confirm: exit code {code} with {len(confirmed)} confirmed findings")
    wanted = []
    if reachable != "never":
        wanted = [
            dataclasses.replace(e, grades=["confirmed"], optional=e.optional or reachable == "no")
            for e in expectations
            if run_program.is_more_than_unlikely(e)
        ]
    missing, left = match_in_any_process(wanted, confirmed)
    wrong += [f"not confirmed: {', '.join(e.names or e.kinds or [str(e)])}" for e in missing]
    wrong += [f"confirmed, but should not be: {finding.get('summary')}" for finding in left]
    return wrong


def match_in_any_process(wanted, findings):
    """As run_program.match. The process is that of a later run, and not the one that the report is about."""
    one_process = json.loads(json.dumps(findings))
    for finding in one_process:
        for step in finding.get("cycle", []):
            step.setdefault("thread", {})["pid"] = 1
    return run_program.match(wanted, one_process, 1)


def read_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def has_inversion(report):
    return report is None or any(finding.get("rule") == run_program.INVERSION for finding in report["findings"])


def confirm(gordian, program, source):
    reachable, expectations = read_reachable(source), run_program.read_expectations(source)
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        reports = os.path.join(directory, "report")
        os.mkdir(reports)
        command = [gordian, "run", "--report-dir", reports, "--", program]
        code, _, error = run_program.run_to_end(command, directory)
        if code != 0:
            return [f"run: exit code {code}", error]
        report, output = os.path.join(reports, "report.json"), os.path.join(directory, "confirmed.json")
        if reachable == "never" and not has_inversion(read_json(report)):
            return []  # nothing that could be confirmed
        tries = TRIES_IN_VAIN if reachable == "never" else TRIES
        limits = ["--tries", str(tries), "--timeout", str(TIMEOUT)]
        command = [gordian, "confirm", report, *limits, "--output", output, "--format", "json", "--", program]
        code, _, error = run_program.run_to_end(command, directory, BOUND)
        if code is None:
            return [f"confirm: still running after {BOUND:.0f} s", error]
        confirmed = read_json(output)
        wrong = judge_confirmation(reachable, expectations, code, confirmed)
    return [*wrong, f"--- stderr\n{error}--- report\n{json.dumps(confirmed, indent=1)}"] if wrong else []


def collect(sources, pattern):
    for folder in ("latent", "innocent"):
        for file in sorted(os.listdir(os.path.join(sources, folder))):
            name, extension = os.path.splitext(f"{folder}/{file}")
            if extension in (".c", ".cpp") and re.search(pattern, name):
                yield name, os.path.join(sources, folder, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gordian", required=True)
    parser.add_argument("--sources", required=True)
    parser.add_argument("--selection", default="")
    parser.add_argument("programs")
    options = parser.parse_args()
    if not os.access(options.gordian, os.X_OK):
        sys.exit(f"{options.gordian} is not there: build gordian first")
    selected = list(collect(options.sources, options.selection))
    if not selected:
        sys.exit(f"no program matches {options.selection}")
    run_program.become_reaper()
    failed = 0
    for name, source in selected:
        wrong = confirm(options.gordian, os.path.join(options.programs, name), source)
        failed += bool(wrong)
        print(f"{name}: {'as expected' if not wrong else wrong[0]}", *wrong[1:], sep="\n", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
