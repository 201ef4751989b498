#!/usr/bin/env python3
"""Where breakpoints are not to be had, `gordian run --races` says so in one line, and tells deadlocks all the same.

    without_breakpoints.py --bin DIRECTORY (refused ERRNO | taken)
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile

SKIPPED = 77
LIMIT = 60


def run(command):
    """The exit code and what it said on standard error; its process group ends with it."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        errors = process.communicate(timeout=LIMIT)[1]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return None, process.communicate()[1]
    return process.returncode, errors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("how", nargs="+")
    arguments = parser.parse_args()
    launcher = os.path.join(arguments.bin, "tests", "race_sampler", "without_breakpoints")
    wrong = []
    with tempfile.TemporaryDirectory(prefix="gordian-race-") as directory:
        gordian = [os.path.join(arguments.bin, "gordian"), "run", "--races", "--report-dir", directory]
        samples = os.path.join(arguments.bin, "samples")

        # The filter is the program's alone, and so are the breakpoints.
        def under(options, program):
            return run([*gordian, *options, "--", launcher, *arguments.how, program])

        code, errors = under(["--on-deadlock", "kill"], os.path.join(samples, "two_accounts"))
        if code == SKIPPED:
            print(errors)
            sys.exit(SKIPPED)
        lines = [line for line in errors.splitlines() if "data races are not looked for" in line]
        if len(lines) != 1 or "perf_event_open" not in lines[0]:
            wrong.append(f"{len(lines)} lines say that races are not looked for")
        if "deadlock, proven" not in errors:
            wrong.append("the deadlock is not told")
        code, errors = under([], os.path.join(samples, "two_accounts_clean"))
        if code != 0:
            wrong.append(f"a program without a deadlock exits with {code}")
        if errors.count("data races are not looked for") != 1:
            wrong.append("a program without a deadlock does not say it once")
    for line in wrong:
        print(line)
    if wrong:
        print(errors)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
