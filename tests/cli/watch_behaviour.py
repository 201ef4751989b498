#!/usr/bin/env python3
"""What gordian watch shows of a process, how it treats the terminal, and what it says when it cannot watch. How the cases
are run is told in cases.py.
"""

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios

from bad_input import refused
from cases import BOUND, Skip, environment_with, expect, main, started, wait_for

ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
HIDE, SHOW = b"\x1b[?25l", b"\x1b[?25h"


@contextlib.contextmanager
def preloaded(tools, name, *arguments, how="dir"):
    """A preloaded program of ours, its pid and the path of its record."""
    directory = tools.path(f"{how}-{os.path.basename(name)}")
    os.makedirs(directory, exist_ok=True)
    environment = {"LD_PRELOAD": tools.hooks, "GORDIAN_OPTIONS": f"dir={directory}"}
    with started([tools.program(name), *arguments], environment) as process:
        yield process.pid, os.path.join(directory, f"{process.pid}.flight"), process


@contextlib.contextmanager
def hanging(tools):
    """Two threads, two mutexes; it has said that it hangs."""
    with preloaded(tools, "deadlocks/abba_normal") as (pid, record, process):
        wait_for("the deadlock is told", lambda: b"deadlock" in process.stderr.readline())
        yield pid, record, process


# --- what it shows


def shows_the_circle(text):
    for part in ("deadlock, proven: ", "Who waits for whom now", ": a circle", "Longest waits", "Most contended locks, sampled"):
        expect(part in text, f"it does not say {part!r}: {text}")
    circle = re.search(r'"([^"]+)" waits .* for (\w+), held by "([^"]+)",\n    which waits .* for (\w+), held by "([^"]+)": a circle', text)
    expect(circle, f"the circle is not told: {text}")
    expect(circle.group(1) == circle.group(5) and {circle.group(2), circle.group(4)} == {"left", "right"}, f"not the circle: {text}")
    for lock in ("left", "right"):
        expect(re.search(rf'\n  {lock} +mutex +0 +1 .* 100%  "', text), f"{lock} is not among the contended locks: {text}")


def case_a_deadlock_by_pid_and_by_record(tools):
    with hanging(tools) as (pid, record, _):
        for name in (str(pid), record):
            done = tools.run("watch", name, "--interval", "0.2")
            expect(done.code == 0 and not done.error, f"it fails: {done}")
            expect(done.output.startswith(f"abba_normal (pid {pid}): "), f"not the process: {done}")
            expect("\x1b" not in done.output, f"an escape sequence where no terminal is: {done}")
            shows_the_circle(done.output)


def case_a_deleted_record(tools):
    with hanging(tools) as (pid, record, _):
        os.unlink(record)
        done = tools.run("watch", str(pid), "--interval", "0.2")
        if done.code == 2:  # without privileges the mapping may not be followed
            refused(done, str(pid), "no flight record that can be read")
        else:
            shows_the_circle(done.output)


def case_screens_are_counted(tools):
    with hanging(tools) as (pid, _, _):
        done = tools.run("watch", str(pid), "--interval", "0.1", "--count", "3", "--top", "1")
        expect(done.output.count(f"(pid {pid})") == 3, f"not three screens: {done}")
        expect("... 1 more" in done.output, f"what --top leaves out is not counted: {done}")


def case_colour_on_request(tools):
    with hanging(tools) as (pid, _, _):
        done = tools.run("watch", str(pid), "--interval", "0.1", "--color", "always")
        expect("\x1b[1;31m" in done.output and ENTER.decode() not in done.output, f"colours alone are asked for: {done}")


def case_the_process_ends(tools):
    with hanging(tools) as (pid, _, process):
        with started([tools.gordian, "watch", str(pid), "--interval", "0.1", "--count", "1000000"]) as watch:
            expect(f"(pid {pid})".encode() in watch.stdout.readline(), "no screen came")
            process.kill()
            process.wait()
            output, error = watch.communicate(timeout=BOUND)
        expect(watch.returncode == 0 and not error, f"exit code {watch.returncode}: {error}")
        expect(output.decode().endswith(f"process {pid} has ended\n"), f"the end is not told: {output.decode()}")


def case_a_forked_child_is_not_its_parent(tools):
    """The parent has no threads and no locks; its daemon has both, and a record of its own."""
    file = tools.path("stop")
    with preloaded(tools, "cli/lingers", file) as (pid, record, process):
        directory = os.path.dirname(record)
        process.wait(BOUND)
        expect(process.returncode == 4, f"lingers ended with {process.returncode}")
        child = wait_for("the daemon's record", lambda: [int(name.split(".")[0]) for name in os.listdir(directory)
                                                         if name.endswith(".flight") and name != f"{pid}.flight"])[0]
        try:
            done = tools.run("watch", str(child), "--interval", "0.2")
            expect(done.code == 0 and f"lingers (pid {child}): 3 threads" in done.output, f"not the daemon: {done}")
        finally:
            tools.write("stop")
        wait_for("the daemon ends", lambda: not os.path.exists(f"/proc/{child}/exe"))


# --- the terminal


class Terminal:
    """A gordian that has a terminal to itself."""

    def __init__(self, tools, *arguments):
        self.ours, theirs = pty.openpty()
        self.resize(24, 80)
        self.before = termios.tcgetattr(theirs)
        self.theirs = theirs
        self.seen = b""
        self.process = subprocess.Popen([tools.gordian, "watch", *arguments], stdin=theirs, stdout=theirs, stderr=theirs,
                                        env=environment_with({"TERM": "xterm"}), start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def resize(self, rows, columns):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, text):
        os.set_blocking(self.ours, False)

        def arrived():
            with contextlib.suppress(BlockingIOError, OSError):
                self.seen += os.read(self.ours, 65536)
            return text in self.seen

        wait_for(f"the terminal gets {text!r}", arrived)

    def type(self, keys):
        os.write(self.ours, keys)

    def ended(self):
        self.until(LEAVE)
        self.process.wait(BOUND)
        return self.process.returncode

    def is_as_before(self):
        return termios.tcgetattr(self.theirs) == self.before

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


def given_back(terminal):
    expect(terminal.is_as_before(), "the terminal's settings are not as they were")
    expect(terminal.seen.rfind(SHOW) > terminal.seen.rfind(HIDE), "the cursor stays hidden")
    expect(terminal.seen.count(ENTER) == terminal.seen.count(LEAVE), "the alternate screen is not left")


def case_terminal_is_given_back_after_q(tools):
    with hanging(tools) as (pid, _, _), Terminal(tools, str(pid), "--interval", "0.1") as terminal:
        terminal.until(b": a circle")
        expect(ENTER in terminal.seen and LEAVE not in terminal.seen, "it is not on the alternate screen")
        expect(not terminal.is_as_before(), "keys are not taken one by one")
        terminal.type(b"q")
        expect(terminal.ended() == 0, "q is no failure")
        given_back(terminal)
        expect(b"circle" not in terminal.seen[terminal.seen.rfind(LEAVE):], "something is left on the terminal")


def case_terminal_is_given_back_after_signals(tools):
    with hanging(tools) as (pid, _, _):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with Terminal(tools, str(pid), "--interval", "0.1") as terminal:
                terminal.until(b": a circle")
                terminal.process.send_signal(number)
                expect(terminal.ended() == -number, f"it does not end by signal {number}")
                given_back(terminal)
        with Terminal(tools, str(pid), "--interval", "0.1") as terminal:
            terminal.until(b": a circle")
            terminal.type(b"\x03")
            expect(terminal.ended() == -signal.SIGINT, "Ctrl-C does not end it")
            given_back(terminal)


def case_terminal_is_given_back_when_the_process_ends(tools):
    with hanging(tools) as (pid, _, process), Terminal(tools, str(pid), "--interval", "0.1") as terminal:
        terminal.until(b": a circle")
        process.kill()
        process.wait()
        expect(terminal.ended() == 0, "the end of the process is no failure")
        terminal.until(f"process {pid} has ended".encode())
        given_back(terminal)
        expect(b": a circle" in terminal.seen[terminal.seen.rfind(LEAVE):], "the last screen is not kept")


def case_a_smaller_window_is_honoured(tools):
    with hanging(tools) as (pid, _, _), Terminal(tools, str(pid), "--interval", "60") as terminal:
        terminal.until(b": a circle")
        for rows, columns in ((8, 30), (50, 100)):
            terminal.seen = b""
            terminal.resize(rows, columns)
            terminal.until(b"\x1b[J")  # the end of a screen; the next one is a minute away
            screen = re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", terminal.seen).decode().splitlines()
            expect(len(screen) <= rows and max(map(len, screen)) <= columns, f"not within {rows} by {columns}: {screen}")
        expect(len(screen) > 8, f"the larger window is not used: {screen}")
        terminal.type(b"q")
        expect(terminal.ended() == 0, "q is no failure")


def case_stopped_and_continued(tools):
    with hanging(tools) as (pid, _, _), Terminal(tools, str(pid), "--interval", "0.1") as terminal:
        terminal.until(b": a circle")
        terminal.type(b"\x1a")
        terminal.until(LEAVE)
        wait_for("it stops", lambda: state_of(terminal.process.pid) == "T")
        given_back(terminal)
        terminal.seen = b""
        terminal.process.send_signal(signal.SIGCONT)
        terminal.until(ENTER)
        terminal.until(b": a circle")
        terminal.type(b"q")
        expect(terminal.ended() == 0, "q is no failure")


def state_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


# --- what cannot be watched


def case_no_such_process(tools):
    for name in ("4194305", "0", "99999999999999999999"):
        refused(tools.run("watch", name), name, "no process")
    refused(tools.run("watch"), "--help")


def case_process_that_is_not_preloaded(tools):
    with started(["/bin/cat"]) as process:
        wait_for("cat runs", lambda: os.readlink(f"/proc/{process.pid}/exe").endswith("/cat"))
        refused(tools.run("watch", str(process.pid)), str(process.pid), "gordian run", "gordian inspect")


def case_process_that_took_no_lock(tools):
    with started(["/bin/cat"], {"LD_PRELOAD": tools.hooks}) as process:
        process.stdin.write(b"x")
        process.stdin.flush()
        process.stdout.read(1)
        refused(tools.run("watch", str(process.pid)), str(process.pid), "asked for no lock")


def case_zombie(tools):
    process = subprocess.Popen(["/bin/true"])
    try:
        wait_for("it ends", lambda: state_of(process.pid) == "Z")
        refused(tools.run("watch", str(process.pid)), str(process.pid), "has ended")
    finally:
        process.wait()


def case_thread_instead_of_process(tools):
    with hanging(tools) as (pid, _, _):
        thread = next(tid for tid in os.listdir(f"/proc/{pid}/task") if tid != str(pid))
        refused(tools.run("watch", thread), thread, "thread of process", str(pid))


def case_record_of_an_ended_process(tools):
    with hanging(tools) as (pid, record, process):
        process.kill()
        process.wait()
        refused(tools.run("watch", record), record, str(pid), "gordian inspect")


def case_process_of_somebody_else(tools):
    """As nobody, who may not look into ours."""
    nobody = {"user": 65534, "group": 65534, "extra_groups": []}
    try:
        if os.geteuid() != 0 or tools.run("--version", **nobody).code != 0:
            raise Skip("needs to be root, and gordian where others may read it")
    except (OSError, subprocess.SubprocessError) as error:
        raise Skip(f"needs to run as another user ({error})") from error
    with hanging(tools) as (pid, _, _):
        refused(tools.run("watch", str(pid), **nobody), str(pid), "may not be looked into", "as root")


def case_wrong_file(tools):
    refused(tools.run("watch", tools.write("text", b"hello\n" * 9)), "not a Gordian flight record")
    refused(tools.run("watch", tools.path("missing.flight")), "missing.flight", "No such file")
    refused(tools.run("watch", tools.scratch), "is a directory")


def case_wrong_options(tools):
    for option, value in (("--interval", "0"), ("--interval", "soon"), ("--count", "0"), ("--samples", "0"), ("--top", "-1"), ("--color", "red")):
        refused(tools.run("watch", "1", option, value), option, "gordian watch --help")


if __name__ == "__main__":
    main(globals())
