"""What the tests of `gordian inspect` share: programs that nobody watches, the moment at which they hang, their cores,
and what was found in them.

Nothing is preloaded. Whatever is started has a process group of its own, which is killed in the end.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "hooks"))
import run_program  # noqa: E402

BOUND = 20.0  # seconds for one call of gordian or gdb
POLL = 0.02
POLLS = 4  # so many times in a row must nothing have moved
HANGS_WITHIN = 10.0
AT_LEAST_POSSIBLE = ("proven", "inferred", "confirmed", "predicted", "possible")

KERNEL_KINDS = {"pipe", "file lock", "process", "System V semaphore", "message queue"}


class Wrong(Exception):
    pass


def expect(condition, sentence):
    if not condition:
        raise Wrong(sentence)


def environment():
    """The test's own, without what would preload something."""
    return {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "GORDIAN_OPTIONS")}


def read_text(path):
    """Empty when it cannot be read: the thread may just have ended."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def parent_of(pid):
    stat = read_text(f"/proc/{pid}/stat")
    return int(stat[stat.rindex(")") + 2 :].split()[1]) if ")" in stat else 0


def family_of(pid):
    """The process and all that descend from it, in the order of their ids."""
    parents = {int(name): parent_of(name) for name in os.listdir("/proc") if name.isdigit()}
    family = {pid}
    while True:
        grown = family | {child for child, parent in parents.items() if parent in family}
        if grown == family:
            return sorted(family)
        family = grown


def standing(pids):
    """Where each thread sleeps, and how often it has been put to sleep. None while one of them runs."""
    threads = {}
    for pid in pids:
        for tid in os.listdir(f"/proc/{pid}/task") if os.path.isdir(f"/proc/{pid}/task") else ():
            status = read_text(f"/proc/{pid}/task/{tid}/status")
            state = re.search(r"^State:\s+(\w)", status, re.M)
            if state is None or state[1] in "RD":
                return None
            threads[tid] = (state[1], re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M)[1])
    return threads


def await_hang(pid, bound=HANGS_WITHIN):
    """Passes once no thread of the process and its descendants has moved for several polls. False: some still move."""
    deadline = time.monotonic() + bound
    before, same = None, 0
    while time.monotonic() < deadline:
        now = standing(family_of(pid))
        same = same + 1 if now and now == before else 0
        if same >= POLLS:
            return True
        before = now
        time.sleep(POLL)
    return False


class Inspected:
    """One call of `gordian inspect`: its exit code, report and standard error."""

    def __init__(self, done):
        self.code, self.output, self.error = done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")
        self.report = json.loads(self.output) if self.code in (0, 1) and self.output.startswith("{") else None

    def __str__(self):
        return f"exit code {self.code}, standard error {self.error!r}\n{self.output}"

    def findings(self):
        return self.report["findings"]


def inspect(gordian, *arguments, bound=BOUND, **more):
    command = [gordian, "inspect", "--format", "json", *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=bound, env=environment(), **more)
    except subprocess.TimeoutExpired:
        raise Wrong(f"{' '.join(command)} still runs after {bound:.0f} s") from None
    inspected = Inspected(done)
    expect(inspected.code in (0, 1, 2), f"{' '.join(command)}: {inspected}")
    return inspected


def all_are_seen():
    """Whether all processes can be looked into. Else somebody who is not seen may have the other end of a pipe, too, and
    what is told of it is inferred."""
    if os.readlink("/proc/self/ns/pid") != "pid:[4026531836]":
        return False
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            for descriptor in os.listdir(f"/proc/{name}/fd"):
                os.readlink(f"/proc/{name}/fd/{descriptor}")
        except PermissionError:
            return False
        except OSError:
            continue
    return True


def has_gdb():
    return shutil.which("gdb") is not None


def core_of(pid, directory):
    """A core of the process, which lives on."""
    path = os.path.join(directory, f"core.{pid}")
    command = ["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set auto-load off", "-p", str(pid)]
    done = subprocess.run(
        [*command, "-ex", f"gcore {path}"], capture_output=True, check=False, timeout=BOUND, stdin=subprocess.DEVNULL
    )
    expect(os.path.exists(path), f"gdb wrote no core of {pid}: {done.stdout!r} {done.stderr!r}")
    return path


def identity(finding):
    """What must be the same of one hang, however it is looked at."""
    waits = [step.get("waits_for") or {} for step in finding["cycle"]]
    return (
        finding["rule"],
        finding["grade"],
        tuple(sorted(wait.get("kind", "") for wait in waits)),
        finding["fingerprint"],
    )


def identities(report):
    return sorted(identity(finding) for finding in report["findings"])


def told(finding):
    names = [(step.get("waits_for") or {}).get("name") for step in finding.get("cycle", [])]
    return f"{finding['rule']} {finding['grade']} {names}"
