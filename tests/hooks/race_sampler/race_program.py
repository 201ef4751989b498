#!/usr/bin/env python3
"""Runs a program as it is under the library that looks for races, and judges what its record says.

    race_program.py racy  --bin DIRECTORY --source FILE [--seconds N] [--stripped] PROGRAM
    race_program.py clean --bin DIRECTORY --source FILE [--seconds N] [--stripped] PROGRAM
    race_program.py behaviour --bin DIRECTORY --source FILE [--seconds N] PROGRAM

A racy program says in its first lines what must be told while it runs:

    // EXPECT: grade=proven|possible functions=first,second stripped=unlikely by=caught

`by` is how it is known, where that matters. `functions` are those of the two accesses, in any order, `*` for any; `stripped` are the grades where there is no debug
information. It is killed as soon as that is told. A clean program runs to its end, says the same as without us, and
nothing is told that is more than unlikely. One of behaviour does what it does without us, whatever is told. Skipped (77) where the kernel has no breakpoints for us.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
POLL = 0.1
GRADES = ("none", "unlikely", "possible", "predicted", "confirmed", "inferred", "proven")


def expectation(source):
    with open(source, encoding="utf-8") as file:
        found = re.search(r"//\s*EXPECT:(.*)", file.read())
    return dict(word.split("=", 1) for word in found.group(1).split()) if found else {}


def start(arguments, command, directory):
    library = os.path.join(arguments.bin, "libgordian-race-hooks.so")
    options = f"dir={directory}:race-overhead={arguments.overhead}"
    environment = dict(os.environ, LD_PRELOAD=library, GORDIAN_OPTIONS=options)
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def races_in(arguments, directory):
    records = [os.path.join(directory, name) for name in os.listdir(directory) if name.endswith(".flight")]
    if not records:
        return []
    tool = os.path.join(arguments.bin, "tests", "read_races")
    done = subprocess.run([tool, *records], capture_output=True, text=True)
    return [line.split() for line in done.stdout.splitlines()]


def functions_of(race):
    return [race[4].rsplit(":", 1)[0].split("(")[0], race[6].rsplit(":", 1)[0].split("(")[0]]


def fits(race, expected, stripped):
    grades = expected.get("stripped", expected["grade"]) if stripped else expected["grade"]
    if race[0] not in grades.split("|") or race[1] not in expected.get("by", race[1]).split("|"):
        return False
    if stripped or "functions" not in expected:
        return True
    left, right = functions_of(race)
    wanted = expected["functions"].split(",")

    def agree(one, other):
        return all(want == "*" or got.endswith(want) for got, want in ((one, wanted[0]), (other, wanted[1])))

    return agree(left, right) or agree(right, left)


def run_racy(arguments, expected, directory):
    process = start(arguments, [arguments.program, str(arguments.seconds)], directory)
    begin = time.monotonic()
    try:
        while True:
            is_over = process.poll() is not None
            races = races_in(arguments, directory)
            if any(fits(race, expected, arguments.stripped) for race in races):
                print(f"told after {time.monotonic() - begin:.1f} s")
                return []
            if is_over:
                break
            time.sleep(POLL)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        errors = process.communicate()[1]
    if "not looked for" in errors:
        print(errors)
        sys.exit(SKIPPED)
    told = "\n".join(" ".join(race) for race in races) or "nothing"
    return [f"in {arguments.seconds} s no race was told as expected ({expected}), but:\n{told}"]


def run_clean(arguments, directory):
    command = [arguments.program, str(arguments.seconds)]
    bare = subprocess.run([arguments.program, "0.2"], capture_output=True, text=True)
    process = start(arguments, command, directory)
    try:
        output, errors = process.communicate(timeout=arguments.seconds + 30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return ["it did not end"]
    wrong = []
    if process.returncode != bare.returncode:
        wrong.append(f"exit code {process.returncode} instead of {bare.returncode}: {errors}")
    if output != bare.stdout:
        wrong.append("its output is another")
    races = races_in(arguments, directory)
    for race in races if arguments.kind == "clean" else []:
        if GRADES.index(race[0]) > GRADES.index("unlikely"):
            wrong.append("told: " + " ".join(race))
    print(f"{len(races)} races in the record")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("racy", "clean", "behaviour"))
    parser.add_argument("--bin", required=True, help="where the libraries are")
    parser.add_argument("--source", required=True)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--overhead", type=int, default=5)
    parser.add_argument("--stripped", action="store_true")
    parser.add_argument("program")
    arguments = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="gordian-race-")
    try:
        if arguments.kind == "racy":
            wrong = run_racy(arguments, expectation(arguments.source), directory)
        else:
            wrong = run_clean(arguments, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for line in wrong:
        print(line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
