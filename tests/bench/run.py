#!/usr/bin/env python3
"""Prints what the runtime costs: every figure of a preloaded program beside the same program's, bare, of the same minute.

    run                     everything but the servers and the sampling, in under three minutes
    run --quick             everything, coarsely, in under half a minute
    run --only nested       the cases whose name contains the text
    run --part latency      one of: locks, latency, memory, predict, instrumented, sampling, recording, servers, check
    run --pin 1             the workers on processor 1 alone (leave it out for the cases with several threads)

Nothing is asserted: a busy machine moves every figure. What is worth comparing is the ratio, and its spread says how far to trust it.
"""

import argparse
import os
import sys

import check
import instrumented
import latency
import locks
import memory
import predict
import sampling
import recording
import servers
from worker import Setup


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=os.path.dirname(os.path.abspath(__file__)), help="where the workers are")
    parser.add_argument("--library", help="the runtime; by default the one beside the workers' folder")
    parser.add_argument("--part", action="append", choices=("locks", "latency", "memory", "predict", "instrumented", "sampling", "recording", "servers", "check"))
    parser.add_argument("--only", default="", metavar="TEXT")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--pairs", type=int, metavar="N", help="pairs of runs for each case of the locks")
    parser.add_argument("--pin", type=int, metavar="CPU")
    for program in ("memcached", "pigz"):
        parser.add_argument(f"--{program}", metavar="GCC,CLANG,OURS", type=lambda text: text.split(","),
                            help=f"builds of {program} with -fsanitize=thread for the part instrumented: by gcc, by clang, by clang with our runtime")
    asked = parser.parse_args()
    for program in ("memcached", "pigz"):
        if len(getattr(asked, program) or [0] * 3) != 3:
            parser.error(f"--{program} takes three programs: GCC,CLANG,OURS")
    return asked


def main():
    asked = arguments()
    folder = os.path.abspath(asked.bin)
    library = os.path.abspath(asked.library or os.path.join(folder, "..", "libgordian-hooks.so"))
    if not os.path.exists(library):
        sys.exit(f"run: there is no {library}; build gordian-hooks first, or name it with --library")
    setup = Setup(folder, library, asked.quick, asked.only, asked.pairs, asked.pin, memcached=asked.memcached, pigz=asked.pigz)
    parts = {"locks": locks.run, "latency": latency.run, "memory": memory.run, "predict": predict.run,
             "instrumented": instrumented.run, "sampling": sampling.run, "recording": recording.run,
             "servers": servers.run, "check": check.run}
    for name, run in parts.items():
        if name in (asked.part or [part for part in parts if part not in ("servers", "sampling")]):
            run(setup)


if __name__ == "__main__":
    main()
