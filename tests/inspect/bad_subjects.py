#!/usr/bin/env python3
"""What `gordian inspect` says to processes and cores that it cannot look at: one line on standard error, exit code 2. Of
those that it can look at in part, a report that says what is missing. How the cases are run is told in ../cli/cases.py.
"""

import contextlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from bad_input import elf_header, refused  # noqa: E402
from cases import Skip, expect, main, started, wait_for  # noqa: E402
import inspecting  # noqa: E402

ET_CORE = 4
EM_386, EM_X86_64, EM_AARCH64 = 3, 62, 183
KILLED_MEANWHILE = 30


@contextlib.contextmanager
def hanging(tools, program="inspect/two_mutexes"):
    with started([tools.program(program)]) as process:
        expect(inspecting.await_hang(process.pid), "the program does not fall asleep")
        yield process


def core_of(tools, program="inspect/two_mutexes"):
    if not inspecting.has_gdb():
        raise Skip("needs gdb")
    with hanging(tools, program) as process:
        return inspecting.core_of(process.pid, tools.scratch)


def unused_pid():
    with started(["/bin/true"]) as process:
        process.communicate()
        return process.pid


def report_of(done):
    """Of a subject that could be looked at: 0 or 1, a report, and nothing on standard error."""
    expect(done.code in (0, 1) and done.error == "", f"a report is expected: {done}")
    return json.loads(done.output)


# --- processes


def case_no_such_process(tools):
    refused(tools.run("inspect", str(unused_pid())), "no process")
    refused(tools.run("inspect", "4194304999"), "4194304999")
    refused(tools.run("inspect", "4294967297"), "4294967297")
    refused(tools.run("inspect", "99999999999999999999999"), "no process id")
    refused(tools.run("inspect", "0"), "0 is no process id")
    refused(tools.run("inspect", "-5"), "-5")
    refused(tools.run("inspect", "--all-of", "no-such-name-at-all"), "no-such-name-at-all", "ps")


def case_one_of_several_is_gone(tools):
    with hanging(tools) as process:
        gone = unused_pid()
        refused(tools.run("inspect", str(process.pid), str(gone)), f"no process {gone}")


def case_no_subject(tools):
    refused(tools.run("inspect"), "gordian inspect --help")
    refused(tools.run("inspect", "--children"), "gordian inspect --help")
    refused(tools.run("inspect", ""), "")
    refused(tools.run("inspect", tools.scratch), tools.scratch)
    refused(tools.run("inspect", "/nowhere/core"), "/nowhere/core")
    refused(tools.run("inspect", "/dev/null"), "/dev/null")


def case_process_of_somebody_else(tools):
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        raise Skip("needs to be root, and setpriv")
    # The tool is where nobody may not go, perhaps.
    gordian = tools.path("gordian")
    shutil.copy(tools.gordian, gordian)
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", gordian, "inspect"]
    with hanging(tools) as process:
        done = run_command([*as_nobody, str(process.pid)])
        refused(done, "no permission", str(process.pid), "root")


def run_command(command):
    done = subprocess.run(command, capture_output=True, timeout=inspecting.BOUND, check=False, cwd="/")
    return type("Done", (), {"code": done.returncode, "output": done.stdout.decode(), "error": done.stderr.decode(),
                             "__str__": lambda self: f"{self.code} {self.output!r} {self.error!r}"})()


def case_zombie(tools):
    child = os.fork()
    if child == 0:
        os._exit(0)
    try:
        wait_for("a zombie", lambda: " Z " in inspecting.read_text(f"/proc/{child}/stat"))
        refused(tools.run("inspect", str(child)), "zombie", f"process {os.getpid()}")
    finally:
        os.waitpid(child, 0)


def case_kernel_thread(tools):
    kernel_threads = [int(name) for name in os.listdir("/proc") if name.isdigit() and inspecting.parent_of(name) == 2]
    if not kernel_threads:
        raise Skip("none is seen here")
    refused(tools.run("inspect", str(kernel_threads[0])), "kernel thread")


def case_process_that_dies_meanwhile(tools):
    """Whenever it dies: a report, or one line."""
    outcomes = {"report": 0, "refused": 0}
    for attempt in range(KILLED_MEANWHILE):
        with started([tools.program("inspect/two_mutexes")]) as process:
            inspecting.await_hang(process.pid) if attempt == 0 else None
            killer = threading.Timer(0.002 * attempt, process.kill)
            killer.start()
            done = tools.run("inspect", "--children", "--format", "json", str(process.pid))
            killer.join()
        if done.code == 2:
            refused(done, str(process.pid))
            outcomes["refused"] += 1
        else:
            report_of(done)
            outcomes["report"] += 1
    print(f"      {outcomes}")
    expect(all(outcomes.values()), f"the moments are not chosen well: {outcomes}")


def case_stopped_process(tools):
    """SIGSTOP does not end a deadlock, nor hide it."""
    with hanging(tools) as process:
        os.kill(process.pid, signal.SIGSTOP)
        wait_for("a stop", lambda: " T " in inspecting.read_text(f"/proc/{process.pid}/stat"))
        report_of(tools.run("inspect", "--format", "json", str(process.pid)))
        expect(" T " in inspecting.read_text(f"/proc/{process.pid}/stat"), "it was let go")


def case_process_and_core(tools):
    core = core_of(tools)
    with hanging(tools) as process:
        refused(tools.run("inspect", str(process.pid), core), str(process.pid))
        refused(tools.run("inspect", core, str(process.pid)), str(process.pid))
        refused(tools.run("inspect", "--children", core), "--children")


# --- cores


def case_core_of_another_machine(tools):
    other = EM_AARCH64 if os.uname().machine == "x86_64" else EM_X86_64
    refused(tools.run("inspect", tools.write("other", elf_header(2, 1, other, ET_CORE))), "other")
    refused(tools.run("inspect", tools.write("small", elf_header(1, 1, EM_386, ET_CORE))), "small")
    refused(tools.run("inspect", tools.write("swapped", elf_header(2, 2, EM_X86_64, ET_CORE))), "swapped")
    refused(tools.run("inspect", tools.write("odd", elf_header(7, 1, EM_X86_64, ET_CORE))), "odd")


def case_program_instead_of_core(tools):
    refused(tools.run("inspect", tools.program("inspect/two_mutexes")), "two_mutexes")
    refused(tools.run("inspect", tools.program("inspect/two_mutexes"), core_of(tools)), "core first")


def headers_of(content):
    """(offset, size) of each program header's part of the file, and where the notes are."""
    offset, = struct.unpack_from("<Q", content, 32)
    entry, count = struct.unpack_from("<HH", content, 54)
    parts = []
    for index in range(count):
        kind, _, begin, _, _, size = struct.unpack_from("<IIQQQQ", content, offset + index * entry)
        parts.append((kind, begin, size))
    return offset + entry * count, parts


def case_truncated_core(tools):
    """Wherever it is cut: one line, or a report that says what is missing."""
    with open(core_of(tools), "rb") as file:
        content = file.read()
    end_of_headers, parts = headers_of(content)
    notes = next((begin, size) for kind, begin, size in parts if kind == 4)
    cuts = [0, 1, 16, 40, 63, 64, 100, end_of_headers - 1, end_of_headers]
    cuts += [notes[0] + notes[1] * share // 8 for share in range(9)] + [notes[0] + notes[1] - 1]
    cuts += [len(content) * share // 8 for share in range(1, 8)] + [len(content) - 1]
    outcomes = {"refused": 0, "report": 0}
    for cut in sorted(set(cuts)):
        path = tools.write("cut", content[:cut])
        done = tools.run("inspect", "--format", "json", path)
        if done.code == 2:
            refused(done, path)
            outcomes["refused"] += 1
            continue
        report = report_of(done)
        is_whole = cut >= max(begin + size for _, begin, size in parts)  # gdb puts something after them
        expect(is_whole or report["unseen"], f"cut at {cut} of {len(content)}: nothing is said of what is missing")
        outcomes["report"] += 1
    print(f"      {outcomes}")
    expect(all(outcomes.values()), f"the cuts are not chosen well: {outcomes}")


def case_damaged_core(tools):
    """Its headers and notes with bytes that are wrong, one at a time: whatever is said, it is not a crash."""
    with open(core_of(tools), "rb") as file:
        content = file.read()
    end_of_headers, parts = headers_of(content)
    begin, size = next((begin, size) for kind, begin, size in parts if kind == 4)
    places = [*range(16, 64, 9), *range(64, end_of_headers, end_of_headers // 6), *range(begin, begin + size, size // 12)]
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        done = tools.run("inspect", "--format", "json", tools.write("damaged", damaged))
        if done.code == 2:
            refused(done)
        else:
            report_of(done)


def case_core_without_its_record(tools):
    """Of a program that was watched: what its record knew is in the report, or one line says that it is not there."""
    if not inspecting.has_gdb():
        raise Skip("needs gdb")
    environment = {"LD_PRELOAD": tools.hooks, "GORDIAN_OPTIONS": f"dir={tools.scratch}"}
    with started([tools.program("inspect/two_mutexes")], environment) as process:
        expect(inspecting.await_hang(process.pid), "the program does not fall asleep")
        core = inspecting.core_of(process.pid, tools.scratch)
    record = tools.path(f"{process.pid}.flight")
    whole = report_of(tools.run("inspect", "--format", "json", core))
    expect(not any(record in each["what"] for each in whole["unseen"]), f"its record is there: {whole['unseen']}")
    with open(record, "r+b") as file:
        file.truncate(100)
    told = []
    for _ in range(2):
        report = report_of(tools.run("inspect", "--format", "json", core))
        told.append([each for each in report["unseen"] if each["what"] == record])
        expect(len(report["findings"]) == 1, f"the core shows the deadlock without: {report['findings']}")
        if os.path.exists(record):
            os.unlink(record)
    expect([len(each) for each in told] == [1, 1], f"one line for a damaged record, and one for none: {told}")


def case_core_with_another_program(tools):
    core = core_of(tools)
    refused(tools.run("inspect", core, "/bin/sh"), "/bin/sh")
    refused(tools.run("inspect", core, "/nowhere/program"), "/nowhere/program")
    refused(tools.run("inspect", core, tools.scratch), tools.scratch)
    refused(tools.run("inspect", core, tools.write("text", b"no program\n")), "text")


def case_core_whose_program_was_replaced(tools):
    if not inspecting.has_gdb():
        raise Skip("needs gdb")
    copy = tools.path("copy")
    shutil.copy(tools.program("inspect/two_mutexes"), copy)
    with started([copy]) as process:
        expect(inspecting.await_hang(process.pid), "the program does not fall asleep")
        core = inspecting.core_of(process.pid, tools.scratch)
    os.unlink(copy)
    missing = report_of(tools.run("inspect", "--format", "json", core))
    expect(any("copy" in each["what"] for each in missing["unseen"]), f"it is not said: {missing['unseen']}")
    shutil.copy(tools.program("deadlocks/self_lock"), copy)
    other = report_of(tools.run("inspect", "--format", "json", core))
    expect(any("copy" in each["what"] for each in other["unseen"]), f"it is not said: {other['unseen']}")
    expect("cache_lock" not in json.dumps(other), "names are taken from a program that did not run")


if __name__ == "__main__":
    main(globals())
