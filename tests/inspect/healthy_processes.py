#!/usr/bin/env python3
"""Real processes that are well, busy and idle, are inspected again and again: nothing may be found in them.

    healthy_processes.py --gordian GORDIAN [NAME...]

A case is a function `case_<name>` that starts processes and yields the one to be inspected, with all its children, while
they are at work. What is not installed here is skipped and said; only when nothing is left is the test itself skipped.
Each case ends with a question to the process, where it answers any: it must still work.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import inspecting
import run_program
from inspecting import Wrong, expect

SKIPPED = 77
INSPECTIONS = 3


class Skip(Exception):
    pass


class Stage:
    """A working directory, and processes that end with it."""

    def __init__(self, directory):
        self.directory = directory
        self.processes = []

    def start(self, *command, shell=None, **more):
        program = "/bin/bash" if shell else command[0]
        if shutil.which(program) is None:
            raise Skip(f"{program} is not installed")
        command = ["/bin/bash", "-c", shell] if shell else list(command)
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **more}
        process = subprocess.Popen(
            command, cwd=self.directory, start_new_session=True, env=inspecting.environment(), **streams
        )
        self.processes.append(process)
        return process

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="ascii") as file:
            file.write(text)
        return self.path(name)

    def end(self):
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
        run_program.kill_orphans()


def await_condition(what, condition):
    deadline = time.monotonic() + inspecting.BOUND
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(inspecting.POLL)
    raise Wrong(f"{what}: not within {inspecting.BOUND:.0f} s")


def await_children(process, count):
    await_condition(f"{count} processes", lambda: len(inspecting.family_of(process.pid)) >= count)


def connected(path):
    client = socket.socket(socket.AF_UNIX)

    def tried():
        with contextlib.suppress(OSError):
            client.connect(path)
            return True

    await_condition(f"a server at {path}", tried)
    client.settimeout(inspecting.BOUND)
    return client


def asked(path, question):
    with connected(path) as client:
        client.sendall(question)
        return client.recv(4096)


def memcached(stage):
    user = ["-u", "root"] if os.geteuid() == 0 else []
    server = stage.start("memcached", *user, "-s", stage.path("socket"), "-t", "4")
    expect(asked(stage.path("socket"), b"version\r\n").startswith(b"VERSION"), "memcached does not answer")
    return server


def case_memcached_idle(stage):
    yield memcached(stage).pid
    expect(asked(stage.path("socket"), b"version\r\n").startswith(b"VERSION"), "memcached does not answer any more")


LOAD = """
import socket
client = socket.socket(socket.AF_UNIX)
client.connect("socket")
while True:
    client.sendall(b"set key 0 0 5\\r\\nvalue\\r\\nget key\\r\\n")
    answer = b""
    while not answer.endswith(b"END\\r\\n"):
        answer += client.recv(4096)
"""


def case_memcached_busy(stage):
    server = memcached(stage)
    for _ in range(2):
        stage.start(sys.executable, "-c", LOAD)
    yield server.pid
    expect(asked(stage.path("socket"), b"version\r\n").startswith(b"VERSION"), "memcached does not answer any more")


def redis(stage):
    server = stage.start("redis-server", "--port", "0", "--unixsocket", stage.path("socket"), "--save", "")
    expect(asked(stage.path("socket"), b"PING\r\n") == b"+PONG\r\n", "redis does not answer")
    return server


def case_redis_idle(stage):
    yield redis(stage).pid
    expect(asked(stage.path("socket"), b"PING\r\n") == b"+PONG\r\n", "redis does not answer any more")


def case_redis_busy(stage):
    server = redis(stage)
    stage.start("redis-benchmark", "-s", stage.path("socket"), "-n", "100000000", "-c", "20")
    yield server.pid
    expect(asked(stage.path("socket"), b"PING\r\n") == b"+PONG\r\n", "redis does not answer any more")


def case_shell_with_pipeline(stage):
    shell = stage.start("/bin/sh", "-c", "sleep 1000 | cat; true")
    await_children(shell, 3)
    yield shell.pid


def case_shell_waits_for_background(stage):
    shell = stage.start(shell="sleep 1000 & sleep 1000 & (sleep 1000; true) & wait")
    await_children(shell, 5)
    yield shell.pid


def case_busy_pipeline(stage):
    shell = stage.start(shell="yes | head -c 100000000000 | xz -1 | wc -c; true")
    await_children(shell, 5)
    yield shell.pid


def case_make_with_job_server(stage):
    os.mkfifo(stage.path("gate"))
    stage.write("Makefile", "all: a b c sub\na b c:\n\t@read line < gate\nsub:\n\t+@$(MAKE) -C . d e\nd e:\n\t@read line < gate\n")
    make = stage.start("make", "-j3")
    await_children(make, 4)
    inspecting.await_hang(make.pid)
    yield make.pid


POOL = """
import concurrent.futures, sys
pool = concurrent.futures.ThreadPoolExecutor(4)
list(pool.map(abs, range(100)))
if sys.argv[1] == "busy":
    while True:
        list(pool.map(lambda n: sum(range(n)), range(2000)))
sys.stdin.read()
"""


def case_python_pool_idle(stage):
    process = stage.start(sys.executable, "-c", POOL, "idle", stdin=subprocess.PIPE)
    inspecting.await_hang(process.pid)
    yield process.pid


def case_python_pool_busy(stage):
    yield stage.start(sys.executable, "-c", POOL, "busy").pid


def case_sqlite_at_its_prompt(stage):
    process = stage.start("sqlite3", "-interactive", "base", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(b"select 1;\n")
    process.stdin.flush()
    expect(b"1" in process.stdout.read(1) + process.stdout.readline() + process.stdout.readline(), "sqlite3 does not answer")
    yield process.pid
    process.stdin.write(b"select 7 * 6;\n.quit\n")
    process.stdin.flush()
    expect(b"42" in process.stdout.read(), "sqlite3 does not answer any more")


def case_xz_with_threads(stage):
    yield stage.start(shell="exec xz -T2 -9 < /dev/zero").pid


def case_pigz(stage):
    yield stage.start(shell="pigz -p 3 < /dev/zero | cat").pid


def case_ssh_agent(stage):
    process = stage.start("ssh-agent", "-D", "-a", stage.path("agent"))
    connected(stage.path("agent")).close()
    yield process.pid


def case_dbus_daemon(stage):
    process = stage.start("dbus-daemon", "--session", "--nofork", f"--address=unix:path={stage.path('bus')}")
    connected(stage.path("bus")).close()
    yield process.pid


def case_stress_pipes(stage):
    # Killed in the end: nothing that leaves System V objects behind.
    process = stage.start("stress-ng", "--pipe", "1", "--flock", "1", "--poll", "1", "--timeout", "1000")
    await_children(process, 6)
    yield process.pid


def case_python_servers_of_many_processes(stage):
    program = (
        "import multiprocessing\n"
        "with multiprocessing.Pool(3) as pool:\n"
        "    pool.map(abs, range(100))\n"
        "    input()\n"
    )
    process = stage.start(sys.executable, "-c", program, stdin=subprocess.PIPE)
    await_children(process, 4)
    inspecting.await_hang(process.pid, 3)
    yield process.pid


def inspect_healthy(options, pid):
    for attempt in range(INSPECTIONS):
        more = ["--no-stop"] if attempt % 3 == 2 else []
        inspected = inspecting.inspect(options.gordian, "--children", *more, pid)
        expect(inspected.report is not None, f"inspection {attempt}: {inspected}")
        told = [inspecting.told(finding) for finding in inspected.findings()]
        told += [f"of {step['thread']}: {step['waits_for']}" for finding in inspected.findings() for step in finding["cycle"]]
        expect(inspected.code == 0 and not told, f"inspection {attempt}: exit code {inspected.code}: {told}")


def run_case(options, case):
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as directory:
        stage = Stage(directory)
        try:
            steps = case(stage)
            pid = next(steps)
            inspect_healthy(options, pid)
            expect(all(process.poll() is None for process in stage.processes), "one of the processes has ended")
            next(steps, None)
        finally:
            stage.end()


def main():
    cases = {name.removeprefix("case_"): each for name, each in globals().items() if name.startswith("case_")}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gordian", required=True)
    parser.add_argument("cases", nargs="*", metavar="NAME")
    options = parser.parse_args()
    run_program.become_reaper()
    failed = passed = 0
    for name in options.cases or cases:
        begun = time.monotonic()
        try:
            run_case(options, cases[name])
            passed += 1
            verdict = "nothing found"
        except Skip as reason:
            verdict = f"skipped: {reason}"
        except Wrong as sentence:
            failed += 1
            verdict = f"FAILED: {sentence}"
        print(f"{time.monotonic() - begun:5.1f} s  {name}: {verdict}", flush=True)
    sys.exit(1 if failed else 0 if passed else SKIPPED)


if __name__ == "__main__":
    main()
