"""What it costs to record a trace: a free pair of lock and unlock, three events, with and without. As the locks are compared (locks.py)."""

import dataclasses
import os
import statistics
import tempfile

import locks


def run(setup):
    traced = dataclasses.replace(setup, library=os.path.join(os.path.dirname(setup.library), "libgordian-trace-hooks.so"), traced=True)
    if not setup.wanted("recording pair"):
        return
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
        bare, recorded = locks.compare(traced, "mutex", "pair", False, setup.pairs or (3 if setup.quick else 12), records)
    ratios = [after / before for before, after in zip(bare, recorded)]
    print(f"{'recording: ns per pair':28}{'bare':>9}{'recorded':>11}{'ratio':>8}{'best':>8}   {'min..max of pairs':19}")
    print(f"  {'mutex pair':26}{statistics.median(bare):9.2f}{statistics.median(recorded):11.2f}{statistics.median(ratios):8.2f}"
          f"{min(recorded) / min(bare):8.2f}   {min(ratios):6.2f}..{max(ratios):<11.2f}\n")
