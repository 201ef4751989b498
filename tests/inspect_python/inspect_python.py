#!/usr/bin/env python3
"""gordian inspect on CPython processes that nobody watched: Python's frames and locks, the interpreter lock, and no finding
where all is well. How the cases are run is told in ../cli/cases.py.
"""

import contextlib
import json
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from cases import BOUND, Skip, Wrong, expect, main, run, started, wait_for  # noqa: E402

PYTHON = os.environ.get("GORDIAN_TEST_PYTHON", "/usr/bin/python3")
INSPECTIONS = 20  # of a healthy program


@contextlib.contextmanager
def python(tools, name, environment=None):
    """The program, which has said that it is ready."""
    if not os.access(PYTHON, os.X_OK):
        raise Skip(f"{PYTHON} is not there")
    with started([PYTHON, tools.program(name + ".py")], environment) as process:
        expect(process.stdout.readline() == b"ready\n", f"{name} does not start")
        yield process.pid


@contextlib.contextmanager
def core_of(tools, pid):
    if shutil.which("gcore") is None:
        raise Skip("needs gcore, of the package gdb")
    done = run(["gcore", "-o", tools.path("core"), str(pid)], bound=120)
    path = tools.path(f"core.{pid}")
    expect(os.path.exists(path), f"gcore fails: {done}")
    try:
        yield path
    finally:
        os.unlink(path)


def inspect(tools, subject):
    done = tools.run("inspect", str(subject), "--format", "json", bound=60)
    try:
        return json.loads(done.output)
    except json.JSONDecodeError:
        raise Wrong(f"no report: {done}") from None


def line_of(tools, name, mark):
    with open(tools.program(name + ".py"), encoding="utf-8") as source:
        return next(number for number, line in enumerate(source, 1) if line.rstrip().endswith("# " + mark))


def deadlock(report):
    """The one finding, when it is a deadlock."""
    findings = report["findings"]
    return findings[0] if len(findings) == 1 and findings[0]["rule"] == "deadlock" else None


def when_deadlocked(tools, pid):
    return wait_for("a deadlock is found", lambda: deadlock(inspect(tools, pid)), bound=2 * BOUND)


def in_core(tools, pid):
    """By the core that is taken once the process hangs."""
    when_deadlocked(tools, pid)
    with core_of(tools, pid) as core:
        report = inspect(tools, core)
    found = deadlock(report)
    expect(found, f"not in the core: {report['findings']}")
    return found


def check_cycle(found, grade, functions):
    expect(found["grade"] == grade, f"not {grade}: {found['summary']}")
    steps = {step["waiting_at"][0]["function"]: step for step in found["cycle"]}
    expect(set(steps) == functions, f"not a circle of {functions}: {found['summary']}")
    for step in steps.values():
        languages = [frame["language"] for frame in step["waiting_at"]]
        if "" not in languages:  # one that naps may be awake in each look
            expect(step["waits_for"]["kind"] == "interpreter lock", f"no native frames: {step}")
            continue
        first_native = languages.index("")
        expect(set(languages[:first_native]) == {"python"}, f"Python's frames do not come first: {languages}")
        expect("python" not in languages[first_native:], f"frames are mixed: {languages}")
    return steps


def check_locks(tools, found):
    steps = check_cycle(found, "inferred", {"pay", "refund"})
    waiter = steps["pay"]
    expect(waiter["waiting_at"][0]["line"] == line_of(tools, "lock_abba", "BLOCKS"), f"another line: {waiter}")
    (hold,) = waiter["holds"]
    expect(hold["acquired_at"][0]["line"] == line_of(tools, "lock_abba", "TAKES"), f"another `with`: {hold}")
    expect("threading.Lock taken at pay (lock_abba.py:" in found["summary"], f"the lock has no name: {found['summary']}")


def check_gil(found):
    steps = check_cycle(found, "proven", {"hold_mutex", "keep_gil"})
    kinds = {name: (step["waits_for"]["kind"], [hold["resource"]["kind"] for hold in step["holds"]]) for name, step in steps.items()}
    wanted = {"hold_mutex": ("interpreter lock", ["mutex"]), "keep_gil": ("mutex", ["interpreter lock"])}
    expect(kinds == wanted, f"not these waits and holds: {kinds}")


# --- what hangs


def case_locks(tools):
    with python(tools, "lock_abba") as pid:
        check_locks(tools, when_deadlocked(tools, pid))


def case_locks_in_a_core(tools):
    with python(tools, "lock_abba") as pid:
        check_locks(tools, in_core(tools, pid))


def case_rlocks(tools):
    with python(tools, "rlock_abba") as pid:
        check_cycle(when_deadlocked(tools, pid), "inferred", {"pay", "refund"})


def case_rlocks_in_a_core(tools):
    with python(tools, "rlock_abba") as pid:
        check_cycle(in_core(tools, pid), "inferred", {"pay", "refund"})


def case_gil_and_mutex(tools):
    with python(tools, "gil_mutex") as pid:
        check_gil(when_deadlocked(tools, pid))
        for _ in range(INSPECTIONS):  # each waiter naps, and is awake now and then
            found = deadlock(inspect(tools, pid))
            expect(found, "found once, and then not")
            check_gil(found)


def case_gil_and_mutex_in_a_core(tools):
    with python(tools, "gil_mutex") as pid:
        check_gil(in_core(tools, pid))


def case_gil_and_mutex_without_stopping(tools):
    with python(tools, "gil_mutex") as pid:
        when_deadlocked(tools, pid)
        done = tools.run("inspect", str(pid), "--no-stop", "--format", "json")
        check_gil(deadlock(json.loads(done.output)))


@contextlib.contextmanager
def preloaded(tools, name):
    directory = tools.path("records")
    os.makedirs(directory, exist_ok=True)
    with python(tools, name, {"LD_PRELOAD": tools.hooks, "GORDIAN_OPTIONS": f"dir={directory}"}) as pid:
        yield pid


def case_locks_of_a_preloaded_process(tools):
    with preloaded(tools, "lock_abba") as pid:
        check_cycle(when_deadlocked(tools, pid), "inferred", {"pay", "refund"})


def case_gil_and_mutex_of_a_preloaded_process(tools):
    with preloaded(tools, "gil_mutex") as pid:
        check_gil(when_deadlocked(tools, pid))


# --- what does not


def is_well(tools, name, times=INSPECTIONS):
    with python(tools, name) as pid:
        for _ in range(times):
            report = inspect(tools, pid)
            expect(not report["findings"], f"a finding: {[found['summary'] for found in report['findings']]}")
            time.sleep(0.005)  # another moment of its work; nothing depends on how long


def case_busy_pool(tools):
    is_well(tools, "busy_pool")


def case_contention(tools):
    is_well(tools, "contention")


def case_condition(tools):
    is_well(tools, "condition")


def case_condition_taken_back(tools):
    is_well(tools, "condition_taken_back")


def case_sleeper_with_the_gil(tools):
    is_well(tools, "gil_sleep")


def case_idle(tools):
    is_well(tools, "idle", 3)


def case_healthy_in_a_core(tools):
    for name in ("busy_pool", "contention", "condition", "condition_taken_back", "gil_sleep", "idle"):
        with python(tools, name) as pid, core_of(tools, pid) as core:
            report = inspect(tools, core)
            expect(not report["findings"], f"{name}: {[found['summary'] for found in report['findings']]}")


if __name__ == "__main__":
    main(globals())
