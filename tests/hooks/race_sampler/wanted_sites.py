#!/usr/bin/env python3
"""What `gordian check` finds in a source is hunted first by `gordian run --races --sites`, and told sooner for it.

    wanted_sites.py --bin DIRECTORY --source FILE [--compare N] PROGRAM

The program has one race, which is expected within the time that its source's directory of tests gives it. With --compare both
ways are timed N times, and nothing is judged.
"""

import argparse
import json
import os
import re
import selectors
import signal
import statistics
import subprocess
import sys
import tempfile
import time

LIMIT = 60
FUNCTION = "racing_step"


def check(arguments, directory):
    """The report of the static pass; what is wrong with it."""
    tests = os.path.dirname(os.path.abspath(__file__))
    entry = {"directory": directory, "file": os.path.abspath(arguments.source),
             "arguments": ["cc", "-D_GNU_SOURCE", f"-I{tests}", f"-I{os.path.dirname(tests)}", "-c", os.path.abspath(arguments.source)]}
    with open(os.path.join(directory, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump([entry], file)
    report = os.path.join(directory, "check.json")
    command = [os.path.join(arguments.bin, "gordian"), "check", "-p", directory, "--format", "json", "--output", report]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    with open(report, encoding="utf-8") as file:
        races = [finding for finding in json.load(file)["findings"] if finding["rule"] == "data-race"]
    if not any(FUNCTION in race["summary"] for race in races):
        print(f"check finds no race in {FUNCTION}: {done.stderr}")
        sys.exit(1)
    return report


def seconds_until_told(arguments, directory, sites):
    """None when it was not told in time."""
    records = tempfile.mkdtemp(dir=directory)
    command = [os.path.join(arguments.bin, "gordian"), "run", "--races", "--report-dir", records, *sites, "--", arguments.program, str(LIMIT)]
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    said = ""
    try:
        waiting = selectors.DefaultSelector()
        waiting.register(process.stderr, selectors.EVENT_READ)
        while waiting.select(begin + LIMIT - time.monotonic()):
            part = os.read(process.stderr.fileno(), 4096).decode()
            said += part
            if re.search(rf"^data-race, proven: {FUNCTION}\b", said, re.MULTILINE):
                return time.monotonic() - begin
            if not part:
                break
        print(said)
        return None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--compare", type=int, default=0)
    parser.add_argument("program")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gordian-race-") as directory:
        sites = ["--sites", check(arguments, directory)]
        if arguments.compare == 0:
            told = seconds_until_told(arguments, directory, sites)
            print("not told" if told is None else f"told after {told:.1f} s")
            sys.exit(1 if told is None else 0)
        for name, options in (("without", []), ("with", sites)):
            times = [seconds_until_told(arguments, directory, options) or float(LIMIT) for _ in range(arguments.compare)]
            print(f"{name:8} median {statistics.median(times):.1f} s, from {min(times):.1f} to {max(times):.1f}")


if __name__ == "__main__":
    main()
