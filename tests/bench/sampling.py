"""What looking for data races costs programs as they are, at 1, 5 and 20 percent of their time.

Two runs of a program take turns (turns.py). Every second pair begins with the other side. A figure is the median over the pairs
of the ratio within one; in brackets is the range in which the true median lies with a confidence of nine in ten or more. `cpu` is the processor
time of all threads, ours included; threads that are held take none. `wall` is the time that its turns took: held threads show there.

`hooks` is the library with no searching (an overhead of 0) beside the bare program: what watching the locks costs, which is no part of the share.
The others are the library that searches beside the one that does not."""

import contextlib
import os
import shutil
import statistics
import tempfile

from turns import Memcached, Work, figure, in_turns

PAIRS = ((0, "bare"), (1, 0), (5, 0), (20, 0))


def race_environment(setup, records, side):
    environment = setup.environment(None if side == "bare" else records)
    if side != "bare":
        environment["LD_PRELOAD"] = os.path.join(os.path.dirname(setup.library), "libgordian-race-hooks.so")
        environment["GORDIAN_OPTIONS"] += f":race-overhead={side}"
    return environment


def measure(setup, begin, records, rounds):
    results = {pair: [] for pair in PAIRS}
    for number in range(rounds):
        for pair in PAIRS:
            order = pair if number % 2 == 0 else pair[::-1]
            taken = in_turns(begin, [race_environment(setup, records, side) for side in order])
            results[pair].append(taken if number % 2 == 0 else taken[::-1])
    return results


def show(name, results):
    bare = [other for _, other in results[PAIRS[0]]]
    cpu, wall = (statistics.median(getattr(each, what) for each in bare) for what in ("cpu", "wall"))
    print(f"  {name:24} bare: {cpu:.4g} cpu, {wall:.4g} wall")
    for pair, taken in results.items():
        cpu, wall = ([getattr(side, what) / getattr(other, what) for side, other in taken] for what in ("cpu", "wall"))
        label = "hooks" if pair[0] == 0 else f"{pair[0]} %"
        print(f"    {label:>8}   cpu {figure(cpu):24} wall {figure(wall):24}", flush=True)


def run(setup):
    library = os.path.join(os.path.dirname(setup.library), "libgordian-race-hooks.so")
    if not os.path.exists(library):
        print("sampling: passed over: libgordian-race-hooks.so is not built")
        return
    print("sampling: what the hooks cost the bare program, and what the search adds to them")
    rounds = setup.pairs or (1 if setup.quick else 6)
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as directory, tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
        data = os.path.join(directory, "data")
        with open(data, "wb") as file:
            for each in ("libgordian-hooks.so", "libgordian-trace-hooks.so") * (1 if setup.quick else 10):
                with contextlib.suppress(OSError), open(os.path.join(os.path.dirname(setup.library), each), "rb") as source:
                    shutil.copyfileobj(source, file)
        worker, launch = setup.command("sampled")[0], os.path.join(setup.folder, "launch")
        cases = [("pigz -p 4", "pigz", lambda environment: Work(launch, ["pigz", "-p", "4", "-k", "-c", data], environment)),
                 ("xz -T4 -1", "xz", lambda environment: Work(launch, ["xz", "-T4", "-1", "--block-size=2MiB", "-k", "-c", data], environment)),
                 ("memcached", "memcached", lambda environment: Memcached(launch, "memcached", environment, 1_000 if setup.quick else 20_000)),
                 ("one lock for two", worker, lambda environment: Work(launch, [worker, "one-lock"], environment)),
                 ("a lock each", worker, lambda environment: Work(launch, [worker, "lock-each"], environment)),
                 ("no locks", worker, lambda environment: Work(launch, [worker, "no-lock"], environment))]
        for name, program, begin in cases:
            if not setup.wanted(f"sampling {name}"):
                continue
            if shutil.which(program) is None:
                print(f"  {name:24} passed over: {os.path.basename(program)} not installed")
                continue
            show(name, measure(setup, begin, records, rounds))
    print()
