#!/usr/bin/env python3
"""One race, found in the source, on the program as it is, in an instrumented build and by prediction, is one finding.

    pooled_race.py --bin DIRECTORY --source FILE PROGRAM

PROGRAM was built from FILE; the instrumented build is made here. Skipped (77) where the kernel has no breakpoints for us.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

SKIPPED = 77
MOST_SECONDS = 100
GRADES = ("unlikely", "possible", "predicted", "confirmed", "inferred", "proven")


def findings_of(report):
    with open(report, encoding="utf-8") as file:
        return [finding for finding in json.load(file)["findings"] if finding["rule"] == "data-race"]


def grades_of(findings):
    return [finding["grade"] for finding in findings]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("program")
    arguments = parser.parse_args()
    gordian = os.path.join(arguments.bin, "gordian")

    with tempfile.TemporaryDirectory(prefix="gordian-pooled-") as directory:
        def path(name):
            return os.path.join(directory, name)

        def run(*command):
            return subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)

        compile_command = ["g++", "-std=c++20", "-g", "-O1", arguments.source]
        with open(path("compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump([{"directory": directory, "file": arguments.source, "arguments": [*compile_command, "-c"]}], file)
        built = run(*compile_command, "-fsanitize=thread", "-o", path("instrumented"), "-lpthread")
        if built.returncode != 0:
            sys.exit(f"the instrumented build failed: {built.stderr}")

        run(gordian, "check", "-p", directory, "--no-cache", "--format", "json", "-o", path("checked.json"))
        sampled = run(gordian, "run", "--races", "--sites", path("checked.json"), "--report-dir", path("sampled"), "--", arguments.program, "3")
        if "not looked for" in sampled.stderr:
            print(sampled.stderr)
            sys.exit(SKIPPED)
        run(gordian, "run", "--record-trace", path("trace"), "--report-dir", path("instrumented.report"), "--", path("instrumented"), "1")
        run(gordian, "predict", "--format", "json", "-o", path("predicted.json"), path("trace"))

        single = {
            "checked": path("checked.json"),
            "sampled": os.path.join(path("sampled"), "report.json"),
            "instrumented": os.path.join(path("instrumented.report"), "report.json"),
            "predicted": path("predicted.json"),
        }
        each = {name: findings_of(report) for name, report in single.items()}
        wrong = [f"{name}: {grades_of(findings)} and not one race" for name, findings in each.items() if len(findings) != 1]
        for order in (list(single.values()), list(reversed(single.values()))):
            run(gordian, "report", "--format", "json", "-o", path("pooled.json"), *order)
            pooled = findings_of(path("pooled.json"))
            best = max((grade for findings in each.values() for grade in grades_of(findings)), key=GRADES.index, default=None)
            if len(pooled) != 1 or pooled[0]["grade"] != best:
                wrong.append(f"pooled: {grades_of(pooled)} and not one, {best}: {[finding['summary'] for finding in pooled]}")
        print({name: grades_of(findings) for name, findings in each.items()})
    for sentence in wrong:
        print(sentence)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
