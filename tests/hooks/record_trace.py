#!/usr/bin/env python3
"""Records the trace of a program and checks it, event by event.

    record_trace.py --gordian GORDIAN [--limit MIB] [--needs "OP KIND, OP KIND"] [--source FILE] [--] PROGRAM [ARGUMENT...]

The program must end as it does bare, with the same standard output. Every trace of the run must keep the format's
promises (trace_reader.py); the program's own must have an event of each of the needed sorts, and, with a source, exactly
the events that its `TRACE:` comments name, in that order, from its first thread.
"""

import argparse
import glob
import os
import re
import sys
import tempfile

import run_program
import trace_reader as tr

KINDS = ("none", "mutex", "rwlock", "spin", "barrier", "condition", "semaphore", "once", "thread", "stdio", "guard", "futex")
FLAGS = ("shared", "try", "timed", "in-wait", "all", "timed-out", "atomic", "recursive")


def described(event):
    words = [tr.NAMES[event.op].replace(" ", "-")]
    if event.kind:
        words.append(KINDS[event.kind])
    return " ".join(words + [name for bit, name in enumerate(FLAGS) if event.flags >> bit & 1])


def read_expected(path):
    """The events of the source's functions in the order in which main, the last one, calls them."""
    functions, calls, name = {}, [], None
    with open(path, encoding="utf-8") as source:
        for line in source:
            defined = re.match(r"(?:static void|int) (\w+)\(void\) \{", line)
            if defined:
                name = defined.group(1)
            called = re.match(r"  (\w+)\(\);", line)
            if name == "main" and called and called.group(1) in functions:
                calls += functions[called.group(1)]
            marked = re.search(r"// TRACE: (.*)", line)
            if marked:
                events = [event.strip() for event in marked.group(1).split(";")]
                (calls if name == "main" else functions.setdefault(name, [])).extend(events)
    return calls


def first_difference(expected, got):
    for place, (wanted, found) in enumerate(zip(expected, got)):
        if wanted != found:
            return f"event {place} of the thread: expected {wanted}, got {found}; before it {got[max(0, place - 3):place]}"
    if len(expected) != len(got):
        return f"expected {len(expected)} events, got {len(got)}; the longer one ends {(expected if len(expected) > len(got) else got)[-3:]}"
    return None


def check_file(path, must_end):
    trace = tr.read(path)
    wrong = tr.check(trace)
    written = min(trace.claimed, trace.capacity)
    if trace.size != tr.EVENTS_AT + written * 32:
        wrong.append(f"the file has {trace.size} bytes for {written} events")
    if must_end and not trace.ended:
        wrong.append("the process ended normally, and its trace does not say so")
    return trace, [f"{os.path.basename(path)}: {sentence}" for sentence in wrong]


def record(options, directory):
    file = os.path.join(directory, "app.trace")
    command = [options.gordian, "run", "--record-trace", file, "--trace-limit", str(options.limit), "--", *options.program]
    bare_code, bare_output, _ = run_program.run_to_end(options.program, directory)
    code, output, error = run_program.run_to_end(command, directory)
    wrong = []
    if (code, output) != (bare_code, bare_output):
        wrong.append(f"exit code {code} and output {output!r}, bare {bare_code} and {bare_output!r}")
    if not os.path.exists(file):
        return wrong + [f"no trace was written; {error}"]
    trace, more = check_file(file, code == 0)
    wrong += more
    told = re.search(r"^gordian: trace: (\d+) events? in (.*?)(;|$)", error, re.MULTILINE)
    if not told or (int(told.group(1)), told.group(2)) != (len(trace.events) + trace.unfilled, file):
        wrong.append(f"what was said is not what is there: {error}")
    if (trace.claimed > trace.capacity) != ("had no room" in error):
        wrong.append(f"{trace.claimed} events claimed, room for {trace.capacity}, and it says: {error}")
    others = glob.glob(file + ".*")
    for other in others:
        wrong += check_file(other, False)[1]
    print(f"{len(trace.events)} events, {trace.claimed - min(trace.claimed, trace.capacity)} cut off, {len(others)} other processes")
    sorts = {" ".join(described(event).split()[:2]) for event in trace.events}
    wrong += [f"there is no {needed}" for needed in options.needs if needed not in sorts]
    if options.source:
        difference = first_difference(read_expected(options.source), [described(e) for e in trace.events if e.thread == 1])
        wrong += [difference] if difference else []
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gordian", required=True)
    parser.add_argument("--limit", type=int, default=64)
    parser.add_argument("--needs", type=lambda text: text.split(", "), default=[])
    parser.add_argument("--source")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args()
    run_program.become_reaper()
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        wrong = record(options, directory)
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
