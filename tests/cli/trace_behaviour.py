#!/usr/bin/env python3
"""What `gordian run --record-trace` leaves behind, and when. That the events are right is for tests/hooks/record_trace.py.
How the cases are run is told in cases.py.
"""

import glob
import json
import os
import re
import tempfile

from cases import expect, main, run, run_program, started, wait_for
import trace_reader as tr


def record(tools, file, *more, program, others=()):
    return tools.run("run", "--record-trace", file, *more, "--", program, *others)


def fresh(tools):
    """A name in a directory of its own."""
    return os.path.join(tempfile.mkdtemp(dir=tools.scratch), "app.trace")


def case_an_old_trace_stays_until_there_is_a_new_one(tools):
    file = fresh(tools)
    with open(file, "wb") as old:
        old.write(b"of yesterday")
    done = record(tools, file, program="/bin/true")
    expect(done.code == 0 and "nothing to record" in done.error, f"it must say that nothing was recorded: {done}")
    with open(file, "rb") as old:
        expect(old.read() == b"of yesterday", "the old file is gone")
    expect(record(tools, file, program=tools.program("healthy/relock_alone")).code == 0, "the second run failed")
    expect(tr.read(file).ended, "it was not replaced")
    expect(glob.glob(file + "*") == [file], f"left behind: {glob.glob(file + '*')}")


def case_a_link_is_followed(tools):
    target = tools.write("target.trace")
    os.symlink(target, tools.path("link.trace"))
    done = record(tools, tools.path("link.trace"), program=tools.program("healthy/relock_alone"))
    expect(done.code == 0 and target in done.error, f"it must say where the trace is: {done}")
    expect(os.path.islink(tools.path("link.trace")) and tr.read(target).ended, "the trace is not where the link leads")


def case_quiet(tools):
    done = record(tools, fresh(tools), "-q", program=tools.program("healthy/relock_alone"))
    expect(done.code == 0 and done.error == "", f"nothing is to be said: {done}")


def case_relative_path(tools):
    done = tools.run("run", "--record-trace", "here.trace", "--", tools.program("healthy/relock_alone"), cwd=tools.scratch)
    expect(done.code == 0 and tr.read(tools.path("here.trace")).ended, f"no trace in the working directory: {done}")


def case_a_deadlock_leaves_the_requests_that_closed_it(tools):
    file = fresh(tools)
    done = record(tools, file, "--on-deadlock", "kill", "--report-dir", tools.path("report"), program=tools.program("deadlocks/abba_normal"))
    expect(done.code == 137, f"it must be killed: {done}")
    trace = tr.read(file)
    wrong = tr.check(trace)
    expect(not trace.ended and not wrong, f"ended: {trace.ended}; {wrong}")
    with open(tools.path("report/report.json"), encoding="utf-8") as report:
        expect("libgordian" not in report.read(), "the report shows frames of the hooks")
    held, asked = {}, {}
    for event in trace.events:
        if event.op == tr.REQUEST:
            asked[event.thread] = event.key()
        elif event.op == tr.ACQUIRE:
            held.setdefault(event.thread, []).append(asked.pop(event.thread))
        elif event.op == tr.RELEASE:
            held[event.thread].remove(event.key())
    cycle = [thread for thread, lock in asked.items() if any(lock in held[other] for other in held if other != thread)]
    expect(len(cycle) == 2, f"two threads are to wait for each other at the end: {asked}, {held}")
    names = {name for _, _, _, name in trace.threads.values()}
    expect(len(names) > 1, f"the threads have no names of their own: {names}")


def case_what_was_recorded_is_predicted(tools):
    """A lock-order inversion that did not happen: found in the trace, with names."""
    file = fresh(tools)
    report = os.path.dirname(file)
    expect(record(tools, file, "--report-dir", report, program=tools.program("latent/abba_std_mutex")).code == 0, "the run failed")
    with open(report + "/report.json", encoding="utf-8") as live:
        expect("libgordian" not in live.read(), "the report shows frames of the hooks")
    done = tools.run("predict", "--format", "json", file)
    findings = json.loads(done.output)["findings"]
    expect(done.code == 1 and len(findings) == 1, f"one finding is expected: {done}")
    steps = findings[0]["cycle"]
    expect(findings[0]["rule"] == "lock-order-inversion" and {step["waits_for"]["name"] for step in steps} == {"left", "right"},
           f"{findings}")
    functions = [frame["function"] for step in steps for frame in step["waiting_at"]]
    expect(any("left_then_right" in function for function in functions), f"{functions}")


def case_what_cannot_happen_is_not_predicted(tools):
    file = fresh(tools)
    record(tools, file, "--report-dir", os.path.dirname(file), program=tools.program("innocent/after_join"))
    done = tools.run("predict", file)
    expect(done.code == 0 and "0 deadlocks reached of 1 lock-order cycle" in done.output, f"{done}")


def case_every_process_has_its_own(tools):
    file = fresh(tools)
    done = record(tools, file, "--on-deadlock", "kill", "--report-dir", tools.path("report"), program=tools.program("cli/family"))
    others = [tr.read(path) for path in sorted(glob.glob(file + ".*"))]
    expect("2 other processes" in done.error and len(others) == 2, f"three traces are expected: {done}")
    expect([other.pid for other in others] == [int(path.rsplit(".", 1)[1]) for path in sorted(glob.glob(file + ".*"))],
           "a trace is not called after its process")
    expect(tr.read(file).ended and sorted(other.ended for other in others) == [False, True], "who ended normally is told wrong")
    for trace in (tr.read(file), *others):
        expect(not tr.check(trace), f"process {trace.pid}: {tr.check(trace)}")


def case_no_follow(tools):
    file = fresh(tools)
    record(tools, file, "--no-follow", program="/bin/sh", others=("-c", f"{tools.program('healthy/relock_alone')}; exit 0"))
    expect(not glob.glob(file + "*"), f"a program was followed: {glob.glob(file + '*')}")


def case_another_program_in_the_same_process(tools):
    """What the first image recorded gives way, as with flight records."""
    file = fresh(tools)
    done = record(tools, file, program="/bin/sh", others=("-c", f"exec {tools.program('healthy/relock_alone')}"))
    expect(done.code == 0 and tr.read(file).program.endswith("relock_alone"), f"the trace is not of the last program: {done}")


def case_a_daemon_keeps_its_file(tools):
    """It still writes into it: the file must not shrink under its mapping."""
    file, signal = fresh(tools), tools.path("end")
    done = record(tools, file, "--trace-limit", "16", program=tools.program("cli/lingers"), others=(signal,))
    expect(done.code == 4 and "1 still running" in done.error, f"it must say that one still runs: {done}")
    (other,) = glob.glob(file + ".*")
    expect(os.path.getsize(other) == 16 << 20, f"the file was cut to {os.path.getsize(other)} bytes")
    tools.write("end")
    wait_for("the daemon's end", lambda: os.path.getsize(signal) > 0)
    wait_for("the trace's end", lambda: tr.read(other).ended)
    expect(not tr.check(tr.read(other)), f"{tr.check(tr.read(other))}")
    clear_run_directory(done.error)


def clear_run_directory(error):
    kept = re.search(r"in (/dev/shm/gordian-\w+)", error)
    if kept:
        for path in glob.glob(kept.group(1) + "/*"):
            os.unlink(path)
        os.rmdir(kept.group(1))


def case_without_the_launcher(tools):
    file, library = fresh(tools), tools.hooks.replace("libgordian-hooks", "libgordian-trace-hooks")
    options = f"dir={tools.scratch}:trace={file}:trace-limit=16"
    with started([tools.program("healthy/relock_alone")], {"LD_PRELOAD": library, "GORDIAN_OPTIONS": options}) as process:
        process.communicate()
        expect(process.returncode == 0, f"exit code {process.returncode}")
        expect(tr.read(f"{file}.{process.pid}").ended, "no trace called after the process")


def case_the_tracing_library_alone_records_nothing(tools):
    library = tools.hooks.replace("libgordian-hooks", "libgordian-trace-hooks")
    empty = os.path.dirname(fresh(tools))
    environment = {"LD_PRELOAD": library, "GORDIAN_OPTIONS": f"dir={empty}"}
    done = run([tools.program("healthy/relock_alone")], environment, cwd=empty)
    expect(done.code == 0 and not done.error and not os.listdir(empty), f"something was made or said: {done}, {os.listdir(empty)}")


def case_a_program_that_confines_itself(tools):
    """No system call once a filter is there, for the trace either; and what is missing is counted."""
    file = fresh(tools)
    done = record(tools, file, program=tools.program("healthy/seccomp_filter"))
    trace = tr.read(file)
    expect(done.code == 0, f"it must end well: {done}")
    expect(not trace.ended and trace.missed > 0 and f"{trace.missed} were missed" in done.error, f"what is missing is not told: {done}")


if __name__ == "__main__":
    run_program.become_reaper()
    main(globals())
