#!/usr/bin/env python3
"""Under gdb, a program that is looked at for races runs as without us: no trap of ours stops it, the debugger's own watchpoints
do, and one line says that races are not looked for meanwhile.

    under_debugger.py --bin DIRECTORY PROGRAM
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

SKIPPED = 77
LIMIT = 60


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("program")
    arguments = parser.parse_args()
    if shutil.which("gdb") is None:
        sys.exit(SKIPPED)
    library = os.path.join(arguments.bin, "libgordian-race-hooks.so")
    with tempfile.TemporaryDirectory(prefix="gordian-race-") as directory:
        steps = ["set startup-with-shell off", "set pagination off", f"set environment LD_PRELOAD {library}",
                 f"set environment GORDIAN_OPTIONS dir={directory}", "break main", "run 1", "watch total", "continue", "delete", "continue"]
        command = ["gdb", "-nx", "-q", "-batch", *(word for step in steps for word in ("-ex", step)), arguments.program]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        try:
            said = process.communicate(timeout=LIMIT)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            print(process.communicate()[0], "it did not end", sep="\n")
            sys.exit(1)
    if "Operation not permitted" in said:
        print(said)
        sys.exit(SKIPPED)
    wrong = []
    if "SIGTRAP" in said:
        wrong.append("the debugger was stopped by a trap")
    if "Hardware watchpoint 2: total" not in said.split("New value")[0]:
        wrong.append("the debugger's own watchpoint was not met")
    if "exited normally" not in said:
        wrong.append("the program did not run to its end")
    if said.count("while a debugger has it") != 1:
        wrong.append("it is not said once that races are not looked for")
    print("\n".join([*wrong, said] if wrong else ["as without us"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
