"""Nanoseconds per operation, bare and preloaded.

A case is run in pairs, bare and preloaded in turn, the first pair only to warm up. A run is its best slice (one thread) or its median slice
(several threads, where one lucky slice says nothing). A pair gives a ratio: the table shows the median ratio and how far the pairs lie apart.
`best` compares the best run of each side: on a machine that others use, or whose clock varies, it is the figure to trust for one thread.
"""

import statistics
import subprocess
import tempfile

UNCONTENDED = 1.25
CONTENDED = 1.5

# worker, case, several threads, goal
CASES = [
    ("mutex", "pair", False, UNCONTENDED),
    ("mutex", "pair-one-thread", False, None),
    ("mutex-framed", "pair", False, None),
    ("mutex", "nested", False, UNCONTENDED),
    ("mutex", "crossed", False, None),
    ("mutex", "in-turn-64", False, None),
    ("mutex", "held-64", False, None),
    ("mutex", "recursive", False, None),
    ("mutex", "trylock", False, None),
    ("mutex", "std-mutex", False, UNCONTENDED),
    ("mutex", "two-apart", True, UNCONTENDED),
    ("mutex", "two-contending", True, CONTENDED),
    ("mutex", "eight-contending", True, None),
    ("rwlock", "read", False, None),
    ("rwlock", "write", False, None),
    ("rwlock", "two-readers", True, None),
    ("semaphore", "lock", False, None),
    ("semaphore", "signal", False, None),
    ("spin", "pair", False, None),
    ("condition", "ping-pong", True, None),
    ("condition", "signal", False, None),
]


def one_run(setup, worker, case, several, records):
    done = subprocess.run(setup.command(worker, case), env=setup.environment(records), preexec_fn=setup.prepare,
                          stdout=subprocess.PIPE, timeout=60, check=True)
    slices = [float(word) for word in done.stdout.split()]
    return statistics.median(slices) if several else min(slices)


def compare(setup, worker, case, several, pairs, records):
    bare, preloaded = [], []
    for _ in range(pairs + 1):
        bare.append(one_run(setup, worker, case, several, None))
        preloaded.append(one_run(setup, worker, case, several, records))
    return bare[1:], preloaded[1:]


def run(setup):
    print(f"{'locks: ns per operation':28}{'bare':>9}{'preloaded':>11}{'ratio':>8}{'best':>8}   {'min..max of pairs':19}{'goal':>5}")
    for worker, case, several, goal in CASES:
        name = f"{worker} {case}"
        if not setup.wanted(name):
            continue
        pairs = setup.pairs or ((3 if setup.quick else 20) if several else (4 if setup.quick else 40))
        with tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
            bare, preloaded = compare(setup, worker, case, several, pairs, records)
        ratios = [after / before for before, after in zip(bare, preloaded)]
        ratio = statistics.median(ratios)
        best = min(preloaded) / min(bare)
        judged = ratio if several else best
        verdict = "" if goal is None else f"{goal:6.2f} {'met' if judged <= goal else 'missed'}"
        print(f"  {name:26}{statistics.median(bare):9.2f}{statistics.median(preloaded):11.2f}{ratio:8.2f}{best:8.2f}   "
              f"{min(ratios):6.2f}..{max(ratios):<11.2f}{verdict}", flush=True)
    print()
