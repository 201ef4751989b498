#!/usr/bin/env python3
"""A real program writes the same with and without the search for races, and nothing is told that is more than unlikely.

    same_output.py --bin DIRECTORY [--overhead N] [--] PROGRAM [ARGUMENT...]

The flight records of the run are judged by read_races, as in race_program.py.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile

HARMLESS = ("none", "unlikely")


def run(command, environment):
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=200)
    return done.returncode, hashlib.sha256(done.stdout).hexdigest(), done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--overhead", type=int, default=20)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    with tempfile.TemporaryDirectory(prefix="gordian-race-") as records:
        library = os.path.join(arguments.bin, "libgordian-race-hooks.so")
        options = f"dir={records}:quiet=1:race-overhead={arguments.overhead}"
        bare = run(command, dict(os.environ))
        sampled = run(command, dict(os.environ, LD_PRELOAD=library, GORDIAN_OPTIONS=options))
        left = [os.path.join(records, name) for name in os.listdir(records) if name.endswith(".flight")]
        tool = os.path.join(arguments.bin, "tests", "read_races")
        told = subprocess.run([tool, *left], capture_output=True, text=True, check=True).stdout.splitlines() if left else []
    wrong = [f"{what}: {one} and {other}" for what, one, other in
             zip(("exit codes", "outputs", "errors"), bare, sampled) if one != other]
    wrong += [f"told: {line}" for line in told if line.split()[0] not in HARMLESS]
    print("\n".join(wrong) or f"the same; {len(told)} unlikely")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
