#!/usr/bin/env python3
"""How `gordian run` behaves around the program: exit codes, streams, signals, reports, children. How the cases are run is
told in cases.py.
"""

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

from cases import BOUND, SHARED_MEMORY, Skip, Wrong, expect, main, run, run_program, started, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "..", "..", "docs", "formats", "gordian-report-1.schema.json")
NUMBER = {"INT": 2, "TERM": 15, "HUP": 1}


def report_of(directory):
    report = run_program.read_report(directory)
    expect(report is not None, f"no report.json in {directory}")
    validate(report)
    return report


def validate(report):
    """Against the schema, where the module for that is installed."""
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError:
        return
    with open(SCHEMA, encoding="utf-8") as file:
        validator = getattr(jsonschema, "Draft202012Validator", None)
        if validator is None:
            return
        errors = [error.message for error in validator(json.load(file)).iter_errors(report)]
    expect(not errors, f"report.json is not as its schema says: {errors[:3]}")


def records_in(directory):
    return sorted(name for name in os.listdir(directory) if name.endswith(".flight"))


def inspect(tools, path):
    done = tools.run("inspect", "--format", "json", path)
    expect(done.code in (0, 1) and not done.error, f"inspect: {done}")
    return json.loads(done.output)


def silent(done, code):
    expect(done.code == code, f"exit code {code} is expected: {done}")
    expect(done.error == "", f"nothing is to be said: {done}")


@contextlib.contextmanager
def hanging(tools, *options, program="deadlocks/abba_normal", more=()):
    """A deadlocked program under gordian, once report.json tells it; yields (launcher, report, report directory)."""
    directory = tools.path(f"report-{time.monotonic_ns()}")
    command = [tools.gordian, "run", "--report-dir", directory, *options, "--", *more, tools.program(program)]
    with started(command) as process:
        report = wait_for("a finding in report.json", lambda: finding_in(directory, process))
        yield process, report, directory


def finding_in(directory, process):
    report = run_program.read_report(directory) if os.path.isdir(directory) else None
    if process.poll() is not None:
        error = process.stderr.read().decode(errors="replace")
        raise Wrong(f"gordian ended with {process.returncode} before a finding was in the report: {error}")
    return report if report and report["findings"] else None


def state_of(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def read_until(stream, word):
    seen = b""
    deadline = time.monotonic() + BOUND
    while word not in seen:
        readable, _, _ = select.select([stream], [], [], max(0, deadline - time.monotonic()))
        chunk = os.read(stream.fileno(), 4096) if readable else b""
        expect(chunk, f"waited for {word!r} and read {seen!r}")
        seen += chunk
    return seen


# --- exit codes


def case_preloaded_alone_it_tells_of_what_could_have_happened(tools):
    directory = tools.path("preloaded")
    os.mkdir(directory)
    silent(tools.run_preloaded(tools.program("innocent/common_guard"), options=f"dir={directory}"), 0)
    expect(not records_in(directory), "a record was kept for nothing")
    done = tools.run_preloaded(tools.program("latent/ring_three"), options=f"dir={directory}")
    told = [line for line in done.error.splitlines() if "lock-order-inversion, possible" in line]
    expect(done.code == 0 and len(told) == 1 and "3 threads could wait for each other" in told[0], f"one ring is to be told: {done}")
    kept = records_in(directory)
    expect(len(kept) == 1 and kept[0] in done.error, f"its record is to be kept and named: {kept}, {done}")
    silent(tools.run_preloaded(tools.program("latent/ring_three"), options=f"dir={directory}:quiet=1"), 0)
    expect(len(records_in(directory)) == 2, "quiet means that it is in the record")
    report = tools.run("report", "--format", "json", os.path.join(directory, kept[0]))
    found = [(finding["rule"], finding["grade"], len(finding["cycle"])) for finding in json.loads(report.output)["findings"]]
    expect(found == [("lock-order-inversion", "possible", 3)], f"the record says otherwise: {found}")


def case_a_daemon_that_becomes_another_user(tools):
    if os.geteuid() != 0:
        raise Skip("needs to be root")
    code = ("import os, threading\nos.setuid(65534)\na, b = threading.Lock(), threading.Lock()\n"
            "for first, second in ((a, b), (b, a)):\n"
            " def work():\n  with first:\n   with second: pass\n"
            " t = threading.Thread(target=work); t.start(); t.join()")
    directory = tools.path("other-user")
    os.mkdir(directory)
    done = tools.run("run", "--report-dir", directory, "--", "/usr/bin/python3", "-c", code)
    report = report_of(directory)
    expect(done.code == 0 and not report["unseen"] and report["lock_order"]["edges"], f"it was not watched: {done}, {report['unseen']}")


def case_exit_code_is_the_programs_own(tools):
    silent(tools.run("run", "--", "/bin/true"), 0)
    silent(tools.run("run", "--", "/bin/sh", "-c", "exit 3"), 3)
    silent(tools.run("run", "--", "/bin/sh", "-c", "exit 255"), 255)
    silent(tools.run("run", "/bin/sh", "-c", "exit 4"), 4)


def case_killed_by_signal(tools):
    for name, number in (("TERM", 15), ("SEGV", 11), ("KILL", 9), ("ABRT", 6)):
        silent(tools.run("run", "--", "/bin/sh", "-c", f"ulimit -c 0; kill -{name} $$"), 128 + number)


def case_error_exit_code(tools):
    silent(tools.run("run", "--error-exitcode", "77", "--", "/bin/true"), 0)
    silent(tools.run("run", "--error-exitcode", "77", "--", "/bin/sh", "-c", "exit 3"), 3)
    stuck = tools.program("deadlocks/abba_normal")
    kill = ("--on-deadlock", "kill", "--report-dir", tools.path("error_exit_code"))
    for options, code in (((), 137), (("--error-exitcode", "77"), 77), (("--error-exitcode", "0"), 0)):
        done = tools.run("run", *options, *kill, "--", stuck)
        expect(done.code == code, f"{options}: exit code {code} is expected: {done}")


def case_fail_on_grade(tools):
    """The finding about the two semaphores is inferred: that counts for inferred, and not for proven."""
    stuck = tools.program("deadlocks/semaphore_abba")
    directory = tools.path("fail_on")
    for grade, code in (("proven", 137), ("inferred", 77), ("possible", 77)):
        options = ("--on-deadlock", "kill", "--error-exitcode", "77", "--fail-on", grade, "--report-dir", directory)
        done = tools.run("run", *options, "--", stuck)
        expect(done.code == code, f"--fail-on {grade}: exit code {code} is expected: {done}")
    expect([finding["grade"] for finding in report_of(directory)["findings"]] == ["inferred"], "the finding is not inferred")


# --- streams


def case_suppressed_findings_are_kept_and_do_not_count(tools):
    """In report.json at once, but nothing is said or done about them, and the exit code is the program's own."""
    path = tools.write("suppressions", b"deadlock:* known to hang here\n*:no_such_lock never\n")
    options = ("--suppressions", path, "--on-deadlock", "kill", "--error-exitcode", "99", "-v")
    with hanging(tools, *options) as (process, report, _):
        (finding,) = report["findings"]
        expect(finding["suppressed"] and finding["suppression"] == "known to hang here", f"not suppressed: {finding}")
        validate(report)
        process.terminate()
        error = process.communicate(timeout=BOUND)[1].decode()
    expect(process.returncode == 128 + NUMBER["TERM"], f"exit code {process.returncode}: {error}")
    expect("all suppressed" in error and "killed pid" not in error, f"it says something else: {error}")
    expect("waits for" not in error, f"the finding is told: {error}")
    expect(f"{path}:2: this suppression matched nothing: *:no_such_lock never" in error, f"unused is not told: {error}")


def case_known_findings_are_told_and_do_not_count(tools):
    stuck = tools.program("deadlocks/abba_normal")
    options = ("--on-deadlock", "kill", "--error-exitcode", "99")
    first = tools.path("first")
    done = tools.run("run", "--report-dir", first, *options, "--", stuck)
    expect(done.code == 99, f"exit code 99 is expected: {done}")
    again = tools.path("again")
    done = tools.run("run", "--baseline", first + "/report.json", "--report-dir", again, *options, "--", stuck)
    expect(done.code == 128 + 9, f"the program's own exit code is expected: {done}")
    expect("deadlock, proven, known: " in done.error, f"it is not told as known: {done}")
    expect(report_of(again)["findings"][0]["baseline"] == "known", "the report does not say that it is known")
    sarif = tools.run("report", "--format", "sarif", "--baseline", first + "/report.json", again)
    expect(sarif.code == 0 and '"baselineState": "unchanged"' in sarif.output, f"the record is not known: {sarif}")


def case_streams_are_the_programs_own(tools):
    text = bytes(range(256)) * 400
    with open(tools.write("input", text), "rb") as file:
        done = subprocess.run([tools.gordian, "run", "--", "/bin/cat"], stdin=file, capture_output=True, timeout=BOUND, check=False)
    expect(done.stdout == text and done.stderr == b"" and done.returncode == 0, "cat does not see its input, or its output is not all there")
    done = tools.run("run", "--", "/bin/sh", "-c", "echo out; echo err >&2; exit 9")
    expect((done.output, done.error, done.code) == ("out\n", "err\n", 9), f"the streams are not passed through: {done}")
    with open("/dev/null", "rb") as null:
        done = tools.run("run", "--", "/bin/sh", "-c", "read line; echo $?", stdin=null)
    expect(done.output == "1\n", f"the end of the input is not passed through: {done}")


def case_closed_streams(tools):
    """A program started without standard streams still runs."""
    done = tools_shell(tools, f"'{tools.gordian}' run -- /bin/sh -c 'exit 6' <&- >&- 2>&-")
    expect(done.code == 6, f"exit code 6 is expected: {done}")


def case_output_pipe_is_closed_early(tools):
    done = tools_shell(tools, f"'{tools.gordian}' run -- /bin/sh -c 'while echo y; do :; done' 2>/dev/null | head -n 1")
    expect((done.code, done.output) == (0, "y\n"), f"head ends and the program does not: {done}")


def tools_shell(_, text):
    return run(["/bin/sh", "-c", text])


def case_what_is_said_about_a_finding(tools):
    stuck = tools.program("deadlocks/abba_normal")
    done = tools.run("run", "--on-deadlock", "kill", "--", stuck)
    expect("deadlock" in done.error and "left" in done.error and "right" in done.error, f"the finding is not told: {done}")
    expect(done.output == "", f"something is on standard output: {done}")
    named = re.search(r"report in (\S+)/report\.json", done.error)
    expect(named, f"where the report is was not said: {done}")
    expect(len(report_of(named.group(1))["findings"]) == 1, "the report does not have the finding")
    expect(len(records_in(named.group(1))) == 1, "the record is not beside the report")
    view = inspect(tools, os.path.join(named.group(1), records_in(named.group(1))[0]))
    expect(len(view["threads"]) >= 2 and not view["running"], "the record does not tell of the threads")
    subprocess.run(["rm", "-rf", named.group(1)], check=True)


def case_quiet(tools):
    stuck = tools.program("deadlocks/abba_normal")
    options = ("--on-deadlock", "kill", "--report-dir", tools.path("quiet"))
    loud = tools.run("run", *options, "--", stuck).error
    quiet = tools.run("run", "--quiet", *options, "--", stuck).error
    expect("report in" in loud and "report in" not in quiet, f"--quiet says more than the finding: {quiet}")
    expect("deadlock" in quiet, f"--quiet hides the finding: {quiet}")
    silent(tools.run("run", "--quiet", "--", "/bin/true"), 0)


def case_colour_on_a_terminal_only(tools):
    stuck = tools.program("deadlocks/abba_normal")
    options = ("run", "--on-deadlock", "kill", "--report-dir", tools.path("colour"))
    expect("\x1b" not in tools.run(*options, "--", stuck).error, "colour in a pipe")
    expect("\x1b" in tools.run(*options, "--color", "always", "--", stuck).error, "no colour, although it was asked for")
    expect("\x1b" in on_terminal(tools, *options, "--", stuck), "no colour on a terminal")
    expect("\x1b" not in on_terminal(tools, *options, "--", stuck, environment={"NO_COLOR": "1"}), "colour despite NO_COLOR")
    expect("\x1b" not in on_terminal(tools, *options, "--color", "never", "--", stuck), "colour despite --color never")
    expect("\x1b" not in on_terminal(tools, *options, "--", stuck, environment={"TERM": "dumb"}), "colour on a dumb terminal")


def on_terminal(tools, *arguments, environment=None):
    """What comes on standard error when that is a terminal."""
    ours, theirs = pty.openpty()
    environment = {"TERM": "xterm", **(environment or {})}
    text = b""
    with started([tools.gordian, *arguments], environment, stderr=theirs) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # EIO: the other side is closed
            while chunk := os.read(ours, 65536):
                text += chunk
        process.wait(BOUND)
    os.close(ours)
    return text.decode(errors="replace")


# --- the report


def case_report_directory_of_a_clean_run(tools):
    directory = tools.path("deep/er/clean")
    silent(tools.run("run", "--report-dir", directory, "--", tools.program("cli/grows")), 0)
    report = run_program.read_report(directory)  # of a size that to compare with the schema takes long
    expect(report["findings"] == [] and report["program"]["path"].endswith("grows"), f"not a clean report: {report}")
    expect(f"{report['program']['pid']}.flight" in records_in(directory), f"no record of the program: {os.listdir(directory)}")
    for name in records_in(directory):
        inspect(tools, os.path.join(directory, name))
    done = tools.run("report", directory)
    expect(done.code == 0, f"gordian report: {done}")
    strange = [name for name in os.listdir(directory) if name != "report.json" and name not in records_in(directory)]
    expect(not strange, f"left behind: {strange}")


def case_report_is_there_while_the_program_hangs(tools):
    with hanging(tools) as (launcher, report, directory):
        validate(report)
        pid = report["program"]["pid"]
        expect(launcher.poll() is None and state_of(pid) in ("S", "R", "D"), "the program does not hang any more")
        expect(report["findings"][0]["rule"] == "deadlock", f"not the deadlock: {report['findings']}")
        time.sleep(0.15)
        expect(launcher.poll() is None and state_of(pid) in ("S", "R", "D"), "the finding has ended the program")
        os.kill(pid, signal.SIGKILL)
        expect(launcher.wait(BOUND) == 137, f"exit code 137 is expected, not {launcher.returncode}")
        inspect(tools, os.path.join(directory, f"{pid}.flight"))
        expect(len(report_of(directory)["findings"]) == 1, "the finding is lost, or there are more")


def case_on_deadlock_abort_and_kill(tools):
    for action, code in (("abort", 134), ("kill", 137)):
        directory = tools.path(action)
        command = f"ulimit -c 0; exec '{tools.gordian}' run --report-dir '{directory}' --on-deadlock {action} -- {tools.program('deadlocks/abba_normal')}"
        done = tools_shell(tools, command)
        expect(done.code == code, f"--on-deadlock {action}: exit code {code} is expected: {done}")
        expect("--on-deadlock" in done.error, f"it is not said that gordian did it: {done}")
        expect(len(report_of(directory)["findings"]) == 1, "the finding is not in the report")


def case_on_deadlock_stop(tools):
    with hanging(tools, "--on-deadlock", "stop") as (launcher, report, directory):
        pid = report["program"]["pid"]
        wait_for("the program is stopped", lambda: state_of(pid) == "T")
        time.sleep(0.2)
        expect(state_of(pid) == "T" and launcher.poll() is None, "it does not stay stopped")
        os.kill(pid, signal.SIGCONT)
        wait_for("the program goes on", lambda: state_of(pid) == "S")
        time.sleep(0.2)
        expect(state_of(pid) == "S", "it is stopped again")
        os.kill(pid, signal.SIGKILL)
        expect(launcher.wait(BOUND) == 137, f"exit code 137 is expected, not {launcher.returncode}")
        expect(len(report_of(directory)["findings"]) == 1, "the finding is lost, or told twice")


# --- signals and the launcher's end


def case_signals_are_forwarded(tools):
    """TERM and HUP go on to the program; so does INT when it comes to the whole group, as from a terminal."""
    script = "trap 'echo got TERM; exit 15' TERM; trap 'echo got HUP; exit 1' HUP; trap 'echo got INT; exit 2' INT; echo ready; " \
             "while :; do sleep 0.02; done"
    for name in ("TERM", "HUP", "INT"):
        with started([tools.gordian, "run", "--", "/bin/sh", "-c", script]) as process:
            read_until(process.stdout, b"ready")
            if name == "INT":
                os.killpg(process.pid, signal.SIGINT)
            else:
                process.send_signal(NUMBER[name])
            read_until(process.stdout, f"got {name}".encode())
            expect(process.wait(BOUND) == NUMBER[name], f"{name}: exit code {NUMBER[name]} is expected, not {process.returncode}")
            expect(process.stderr.read() == b"", f"{name}: something was said")


def case_signal_ends_the_hanging_program(tools):
    for number in (signal.SIGTERM, signal.SIGINT):
        with hanging(tools) as (launcher, _, directory):
            os.killpg(launcher.pid, number)
            expect(launcher.wait(BOUND) == 128 + number, f"exit code {128 + number} is expected, not {launcher.returncode}")
            expect(len(report_of(directory)["findings"]) == 1, "the finding is lost")


def case_killed_launcher_leaves_the_program_running(tools):
    go = tools.path("go")
    script = f"echo ready; while [ ! -e '{go}' ]; do sleep 0.02; done; echo finished"
    with started([tools.gordian, "run", "--", "/bin/sh", "-c", script]) as process:
        read_until(process.stdout, b"ready")
        process.kill()
        process.wait(BOUND)
        tools.write("go")
        read_until(process.stdout, b"finished")
        expect(process.stderr.read() == b"", "something was said")
    remove_run_directory_of(process.pid)


def case_killed_launcher_and_then_a_deadlock(tools):
    """Nobody is left to tell, so the process does it itself."""
    go = tools.path("go_on")
    script = f"echo ready; while [ ! -e '{go}' ]; do sleep 0.02; done; exec {tools.program('deadlocks/abba_normal')}"
    with started([tools.gordian, "run", "--", "/bin/sh", "-c", script]) as process:
        read_until(process.stdout, b"ready")
        process.kill()
        process.wait(BOUND)
        tools.write("go_on")
        read_until(process.stderr, b"deadlock")
    remove_run_directory_of(process.pid)


def remove_run_directory_of(launcher):
    """A killed launcher cannot clear up."""
    for name in os.listdir(SHARED_MEMORY):
        path = os.path.join(SHARED_MEMORY, name)
        try:
            with open(os.path.join(path, "control"), "rb") as file:
                pid = int.from_bytes(file.read(20)[16:20], "little")
        except OSError:
            continue
        if pid == launcher:
            subprocess.run(["rm", "-rf", "--", path], check=True)


# --- children


def case_daemon_outlives_the_run(tools):
    end = tools.path("end")
    with started([tools.gordian, "run", "--", tools.program("cli/lingers"), end]) as process:
        expect(process.wait(BOUND) == 4, f"exit code 4 is expected, not {process.returncode}")
        error = process.stderr.read().decode()
        named = re.search(r"gordian: 1 process of this run still runs; its record stays in (\S+)", error)
        expect(named and error.count("\n") == 1, f"one line about the daemon is expected: {error}")
        views = [inspect(tools, os.path.join(named.group(1), name)) for name in records_in(named.group(1))]
        expect(any(view["running"] and len(view["threads"]) == 3 for view in views), f"no record of the daemon: {views}")
        tools.write("end")
        wait_for("the end of the daemon", lambda: os.path.getsize(end) > 0)
        subprocess.run(["rm", "-rf", named.group(1)], check=True)


def case_deadlock_in_one_of_three_processes(tools):
    directory = tools.path("family")
    done = tools.run("run", "--on-deadlock", "kill", "--report-dir", directory, "--", tools.program("cli/family"))
    expect((done.code, done.output) == (0, "healthy 5\nstuck 9\n"), f"only the stuck child is to be killed: {done}")
    report = report_of(directory)
    expect(len(report["findings"]) == 1, f"one finding is expected: {report['findings']}")
    finding = report["findings"][0]
    expect(finding["pid"] != report["program"]["pid"], "the finding is ascribed to the parent")
    expect(report["program"]["path"].endswith("family"), f"the program is {report['program']['path']}")
    expect(f"{finding['pid']}.flight" in records_in(directory), f"no record of the child: {os.listdir(directory)}")
    expect(len(records_in(directory)) == 3, f"three records are expected: {os.listdir(directory)}")


def case_followed_everywhere(tools):
    """A deadlock at the end of an exec chain, below shells, and where the environment was cleared."""
    stuck = tools.program("deadlocks/abba_normal")
    for command in (
        ("/bin/sh", "-c", f"exec env A=1 sh -c 'exec {stuck}'"),
        ("/bin/sh", "-c", f"(sh -c '{stuck}; exit 7'); exit 8"),
        ("/usr/bin/env", "-i", stuck),
        ("/bin/sh", "-c", f"env -i {stuck}; exit 8"),
        (sys.executable, "-c", f"import os; os.execve('{stuck}', ['{stuck}'], {{}})"),
        (sys.executable, "-c", f"import subprocess; subprocess.run(['{stuck}'], env={{'LD_PRELOAD': ''}})"),
    ):
        directory = tools.path("followed")
        done = tools.run("run", "--on-deadlock", "kill", "--report-dir", directory, "--", *command)
        report = report_of(directory)
        expect(len(report["findings"]) == 1, f"{command}: one finding is expected: {done}")
        expect("killed pid" in done.error, f"{command}: it was not killed: {done}")
        subprocess.run(["rm", "-rf", directory], check=True)


def case_no_follow(tools):
    directory = tools.path("alone")
    stuck = tools.program("deadlocks/abba_normal")
    script = f"timeout -s KILL 0.5 {stuck}; echo $?; env | grep ^LD_PRELOAD="
    done = tools.run("run", "--no-follow", "--report-dir", directory, "--", "/bin/sh", "-c", script)
    expect(done.output == "137\n", f"the children are not left alone: {done}")
    expect(report_of(directory)["findings"] == [], "a finding in a process that is not to be watched")
    others = {"LD_PRELOAD": "libm.so.6"}
    done = tools.run("run", "--no-follow", "--", "/bin/sh", "-c", "env | grep ^LD_PRELOAD=", environment=others)
    expect(done.output == "LD_PRELOAD=libm.so.6\n", f"what else was preloaded is lost: {done}")


def case_many_runs_at_once(tools):
    count = 20
    with contextlib.ExitStack() as stack:
        begun = [
            stack.enter_context(started([tools.gordian, "run", "--", "/bin/sh", "-c", f"echo {i}; exit {i}"])) for i in range(count)
        ]
        for i, process in enumerate(begun):
            output, error = process.communicate(timeout=BOUND)
            expect((process.returncode, output, error) == (i, f"{i}\n".encode(), b""), f"run {i}: {process.returncode} {output} {error}")


def case_nothing_stays_after_clean_runs(tools):
    """Told by the empty /dev/shm that every case is checked for; here with threads, forks and an own TMPDIR."""
    temporary = tools.path("tmp")
    os.mkdir(temporary)
    done = tools.run("run", "--", tools.program("cli/grows"), environment={"TMPDIR": temporary})
    silent(done, 0)
    expect(os.listdir(temporary) == [], f"left in TMPDIR: {os.listdir(temporary)}")


if __name__ == "__main__":
    main(globals())
