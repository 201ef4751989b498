#!/usr/bin/env python3
"""Runs a program of races/ under `gordian run` and compares what was told with the first lines of its source.

    run_race.py --gordian GORDIAN --source FILE [--clean] PROGRAM

`// RACE: word, word`: with RACY there are findings, all of them data races, one of which has all of the words in it.
`// DEADLOCK: word, word`: with RACY it hangs, and is ended when a proven deadlock with all of the words was told, too.
`// NOT: word`: no stack of any finding has the word. With --clean, built with RACY 0, there is no finding at all.
But for a deadlock the program ends by itself, with 0.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

MOST_SECONDS = 60


def expectation(source, key):
    with open(source, encoding="utf-8") as text:
        for line in text:
            if line.startswith(f"// {key}: "):
                return [word.strip() for word in line.split(":", 1)[1].split(",")]
    return []


def functions_of(finding):
    return [frame.get("function", "") for step in finding["cycle"] for frame in step["waiting_at"]]


def text_of(finding):
    names = [step["waits_for"]["name"] for step in finding["cycle"]]
    return "\n".join([finding["summary"], *names, *functions_of(finding)])


def is_deadlock(finding, words):
    return bool(words) and (finding["rule"], finding["grade"]) == ("deadlock", "proven") and all(
        word in text_of(finding) for word in words)


def failures(arguments, code, findings, output):
    deadlock = [] if arguments.clean else expectation(arguments.source, "DEADLOCK")
    if code != 0 and not deadlock:
        yield f"the program ended with {code}"
    if deadlock and not any(is_deadlock(finding, deadlock) for finding in findings):
        yield f"no deadlock was told with {', '.join(deadlock)} in it"
    wanted = [] if arguments.clean else expectation(arguments.source, "RACE")
    if not arguments.clean and not wanted:
        yield "the source says nothing about what is to be found (// RACE: ...)"
    if arguments.clean and findings:
        yield "nothing is wrong with it, and this was told"
    for finding in findings:
        if finding["rule"] != "data-race" and not is_deadlock(finding, deadlock):
            yield f"a {finding['rule']} was told"
        for word in expectation(arguments.source, "NOT"):
            if any(word in function for function in functions_of(finding)):
                yield f"{word} is on a stack"
    if wanted and not any(all(word in text_of(finding) for word in wanted) for finding in findings):
        yield f"no race was told with {', '.join(wanted)} in it"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gordian", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("program")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gordian-race-") as directory:
        done = subprocess.run([arguments.gordian, "run", "--on-deadlock=kill", "--report-dir", directory, "--", arguments.program],
                              capture_output=True, text=True, timeout=MOST_SECONDS, stdin=subprocess.DEVNULL)
        with open(os.path.join(directory, "report.json"), encoding="utf-8") as file:
            findings = json.load(file)["findings"]
    wrong = list(failures(arguments, done.returncode, findings, done.stderr))
    if wrong:
        print("\n".join(wrong), done.stdout, done.stderr, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
