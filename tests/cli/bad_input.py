#!/usr/bin/env python3
"""What gordian says to input that it cannot use: one line on standard error that names what is wrong, where, and what to
try next; exit code 2; and nothing left behind. How the cases are run is told in cases.py.
"""

import os
import re
import select
import shutil
import struct
import subprocess
import time

from cases import MS_RDONLY, SHARED_MEMORY, Skip, environment_with, expect, main, mounted, run, run_program, started
import trace_reader

NOBODY = 65534
RECORD_SIZE = 8192
PATIENCE = 0.7  # seconds for a deadlock to be told


def refused(done, *words):
    """It was refused as it should be, and the line has all of `words`."""
    lines = done.error.splitlines()
    expect(done.code == 2, f"exit code 2 is expected: {done}")
    expect(len(lines) == 1 and done.error.endswith("\n"), f"one line is expected: {done}")
    expect(lines[0].startswith("gordian: "), f"the line does not begin with the name of the tool: {done}")
    expect(";" in lines[0], f"it does not say what to do next: {lines[0]}")
    expect(len(lines[0]) < 400, f"the line is long: {lines[0]}")
    expect(done.output == "", f"something is on standard output: {done}")
    for word in words:
        expect(word in lines[0], f"it does not say \"{word}\": {lines[0]}")


def elf_header(elf_class, byte_order, machine, kind=2):
    order = "<" if byte_order == 1 else ">"
    start = b"\x7fELF" + bytes([elf_class, byte_order, 1]) + bytes(9)
    return start + struct.pack(order + "HHI", kind, machine, 1) + bytes(200)


# --- programs that cannot be watched


def case_no_such_program(tools):
    refused(tools.run("run", "--", "/nowhere/at-all"), "/nowhere/at-all", "no such program")
    refused(tools.run("run", "--", "no-such-name-anywhere"), "no-such-name-anywhere", "PATH")
    refused(tools.run("run", "--", ""), "empty")


def case_program_here_but_not_in_path(tools):
    tools.write("here", b"#!/bin/sh\n", 0o755)
    refused(tools.run("run", "--", "here", cwd=tools.scratch), "try ./here")


def case_directory_as_program(tools):
    refused(tools.run("run", "--", tools.scratch), tools.scratch, "is a directory")


def case_program_not_executable(tools):
    path = tools.write("plain", b"#!/bin/sh\n", 0o644)
    refused(tools.run("run", "--", path), path, "not executable", "chmod +x")


def case_fifo_as_program(tools):
    os.mkfifo(tools.path("fifo"), 0o755)
    refused(tools.run("run", "--", tools.path("fifo")), "not a regular file")


def case_text_without_interpreter(tools):
    path = tools.write("text", b"echo hello\n", 0o755)
    refused(tools.run("run", "--", path), path, "#!")
    empty = tools.write("nothing", b"", 0o755)
    refused(tools.run("run", "--", empty), empty, "#!")


def case_interpreter_is_missing(tools):
    path = tools.write("script", b"#!/nowhere/sh\n", 0o755)
    refused(tools.run("run", "--", path), path, "/nowhere/sh", "does not exist")


def case_static_program(tools):
    path = tools.program("cli/static_program")
    if not os.path.exists(path):
        raise Skip("no static libc to link with")
    refused(tools.run("run", "--", path), path, "statically linked")


def case_set_uid_program(tools):
    if os.geteuid() != 0:
        raise Skip("needs to be root")
    path = tools.path("set_uid")
    shutil.copy("/bin/true", path)
    try:
        os.chown(path, NOBODY, NOBODY)
    except OSError as error:
        raise Skip(f"needs to give a file away ({error})") from error
    os.chmod(path, 0o4755)
    if os.statvfs(path).f_flag & os.ST_NOSUID:
        raise Skip(f"{tools.scratch} is mounted nosuid")
    refused(tools.run("run", "--", path), path, "set-uid")
    os.chmod(path, 0o2755)
    refused(tools.run("run", "--", path), path, "set-gid")


def case_directory_that_may_not_be_searched(tools):
    """In PATH it is passed over; in the program's own path it is named."""
    nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    try:
        if os.geteuid() != 0 or tools.run("--version", **nobody).code != 0:
            raise Skip("needs to be root, and gordian where others may read it")
    except (OSError, subprocess.SubprocessError) as error:
        raise Skip(f"needs to run as another user ({error})") from error
    closed = tools.path("closed")
    os.mkdir(closed, 0o700)
    search = {"PATH": f"{closed}:/usr/bin:/bin"}
    refused(tools.run("run", "--", "no-such-name-anywhere", environment=search, **nobody), "no such program in PATH")
    refused(tools.run("run", "--", closed + "/tool", **nobody), closed, "may not be searched")
    done = tools.run("run", "--", "true", environment=search, **nobody)
    expect(done.code == 0 and done.error == "", f"the directory is not passed over: {done}")


def case_program_for_another_machine(tools):
    for name, header in (
        ("i386", elf_header(1, 1, 3)),
        ("s390x", elf_header(2, 2, 22)),
        ("riscv64", elf_header(2, 1, 243)),
    ):
        path = tools.write(name, header, 0o755)
        refused(tools.run("run", "--", path), path, "another machine")


def case_elf_that_is_no_program(tools):
    machine = {"x86_64": 62, "aarch64": 183}[os.uname().machine]
    refused(tools.run("run", "--", tools.write("object", elf_header(2, 1, machine, 1), 0o755)), "no program")
    path = tools.write("cut", b"\x7fELF\2\1\1", 0o755)
    refused(tools.run("run", "--", path), path)


# --- where the report goes


def case_report_directory_is_a_file(tools):
    path = tools.write("file")
    refused(tools.run("run", "--report-dir", path, "--", "/bin/true"), path, "--report-dir")
    refused(tools.run("run", "--report-dir", path + "/below", "--", "/bin/true"), path + "/below", "--report-dir")


def case_report_directory_cannot_be_written(tools):
    directory = tools.path("read_only")
    os.mkdir(directory)
    if os.geteuid() != 0:
        os.chmod(directory, 0o555)
        refused(tools.run("run", "--report-dir", directory, "--", "/bin/true"), directory, "--report-dir")
        return
    tools.need_namespace()
    with mounted(directory, "", MS_RDONLY):
        refused(tools.run("run", "--report-dir", directory, "--", "/bin/true"), directory, "Read-only", "--report-dir")
        refused(tools.run("run", "--report-dir", directory + "/new", "--", "/bin/true"), directory + "/new", "--report-dir")


def case_report_directory_is_full(tools):
    tools.need_namespace()
    directory = tools.path("full")
    os.mkdir(directory)
    with mounted(directory, "size=4096"):
        with open(os.path.join(directory, "filler"), "wb") as file:
            file.write(bytes(4096))
        refused(tools.run("run", "--report-dir", directory, "--", "/bin/true"), directory, "No space left", "--report-dir")
        expect(os.listdir(directory) == ["filler"], f"left behind: {os.listdir(directory)}")


# --- traces that cannot be recorded


def record_trace(tools, file, *more, program="/bin/true", **others):
    return tools.run("run", "--record-trace", file, *more, "--", program, **others)


def case_trace_into_something_else(tools):
    refused(record_trace(tools, tools.scratch), tools.scratch, "is a directory", "--record-trace")
    refused(record_trace(tools, "/dev/null"), "/dev/null", "not a regular file")
    os.mkfifo(tools.path("trace-fifo"))
    refused(record_trace(tools, tools.path("trace-fifo")), "not a regular file")
    os.symlink(tools.path("missing"), tools.path("link"))
    refused(record_trace(tools, tools.path("link")), "leads nowhere")
    refused(record_trace(tools, ""), "--record-trace")
    refused(record_trace(tools, tools.path("new") + "/"), "directory")
    expect(not os.path.exists(tools.path("new")) and not os.path.exists(tools.path("missing")), "a file was made all the same")


def case_trace_directory_is_missing(tools):
    refused(record_trace(tools, tools.path("nowhere/app.trace")), "nowhere/app.trace", "its directory is not there")
    path = tools.write("file")
    refused(record_trace(tools, path + "/app.trace"), path)


def case_trace_name_that_cannot_be_told(tools):
    refused(record_trace(tools, tools.path("a:b")), "colon")
    refused(record_trace(tools, tools.path("a\nb")), "control character")
    refused(record_trace(tools, tools.path("b" * 300)), "too long")


def case_trace_limit(tools):
    for limit in ("0", "7", "-1", "many", "2000000"):
        refused(record_trace(tools, tools.path("app.trace"), "--trace-limit", limit), "--trace-limit", "--help")
    refused(tools.run("run", "--trace-limit", "64", "--", "/bin/true"), "--trace-limit", "--record-trace")
    expect(not os.path.exists(tools.path("app.trace")), "a file was made all the same")


def case_trace_cannot_be_written(tools):
    tools.need_namespace()
    directory = tools.path("locked")
    os.mkdir(directory)
    with mounted(directory, "", MS_RDONLY):
        refused(record_trace(tools, directory + "/app.trace"), directory, "Read-only", "--record-trace")


def case_trace_where_there_is_no_room(tools):
    tools.need_namespace()
    directory = tools.path("full-disk")
    os.mkdir(directory)
    with mounted(directory, "size=4096"):
        with open(os.path.join(directory, "filler"), "wb") as file:
            file.write(bytes(4096))
        refused(record_trace(tools, directory + "/app.trace"), directory, "No space left")
        expect(os.listdir(directory) == ["filler"], f"left behind: {os.listdir(directory)}")


def case_trace_fills_the_disk(tools):
    """Told, and no reason to die of; what there was room for is whole."""
    tools.need_namespace()
    directory = tools.path("small-disk")
    os.mkdir(directory)
    with mounted(directory, "size=1536k"):
        file = directory + "/app.trace"
        done = record_trace(tools, file, program=tools.program("healthy/guarded_inversion"))
        expect(done.code == 0 and "had no room: the disk is full" in done.error, f"it must end well and say so: {done}")
        trace = trace_reader.read(file)
        wrong = [sentence for sentence in trace_reader.check(trace)]
        expect(len(trace.events) > 1000 and not wrong, f"{len(trace.events)} events: {wrong}")


def case_trace_under_a_limit_of_file_sizes(tools):
    file = tools.path("limited.trace")
    command = f"ulimit -f 200000; exec {tools.gordian} run --record-trace {file} -- {tools.program('healthy/guarded_inversion')}"
    done = run(["/bin/bash", "-c", command])
    expect(done.code == 0, f"the program must end well: {done}")


def case_output_cannot_be_written(tools):
    record = flight_record(tools)
    for command in ("inspect", "report"):
        refused(tools.run(command, "-o", "/nowhere/out", record), "/nowhere/out")
        refused(tools.run(command, "-o", tools.scratch, record), tools.scratch)
    refused(tools.run("predict", "-o", "/nowhere/out", tools.write("some.std", b"T1|w(x)|1\n")), "/nowhere/out")


def case_standard_output_is_full(tools):
    with open("/dev/full", "wb") as full:
        refused(tools.run("inspect", flight_record(tools), stdout=full), "standard output")


# --- records


def flight_record(tools):
    """A good record, and small."""
    path = tools.path("good.flight")
    if not os.path.exists(path):
        directory = tools.path("records")
        done = tools.run("run", "--report-dir", directory, "--", tools.program("cli/grows"))
        expect(done.code == 0 and not done.error, f"the program did not run: {done}")
        os.rename(os.path.join(directory, find_records(directory)[0]), path)
    return path


def find_records(directory):
    return sorted(name for name in os.listdir(directory) if name.endswith(".flight"))


def case_missing_file(tools):
    for command in ("inspect", "report"):
        refused(tools.run(command, "/nowhere/1.flight"), "/nowhere/1.flight", "no such file")
    refused(tools.run("report"), "RECORD", "--help")
    refused(tools.run("inspect"), "process id", "--help")


def case_foreign_file(tools):
    for name, content in (("text", b"hello, world\n" * 500), ("elf", elf_header(2, 1, 62)), ("random", os.urandom(9000))):
        path = tools.write(name + ".foreign", content)
        for command in ("inspect", "report"):
            refused(tools.run(command, path), path, "not a Gordian flight record")


def case_empty_record(tools):
    path = tools.write("empty.flight")
    for command in ("inspect", "report"):
        refused(tools.run(command, path), path, "empty")


def case_cut_record(tools):
    with open(flight_record(tools), "rb") as file:
        start = file.read(4 << 20)
    for size in (1, 7, 8, 40, 1000, 4096, 5000, 1 << 19, 4 << 20):
        path = tools.write("cut.flight", start[:size])
        for command in ("inspect", "report"):
            refused(tools.run(command, path), path)


def case_record_of_another_version(tools):
    with open(flight_record(tools), "rb") as file:
        start = bytearray(file.read(RECORD_SIZE))
    start[8:12] = struct.pack("<I", 4711)
    path = tools.write("later.flight", bytes(start))
    for command in ("inspect", "report"):
        refused(tools.run(command, path), path, "version 4711")


def case_not_a_file(tools):
    os.mkfifo(tools.path("fifo.flight"))
    os.mkdir(tools.path("hollow"))
    for command in ("inspect", "report"):
        refused(tools.run(command, tools.path("fifo.flight")), "not a regular file")
        refused(tools.run(command, tools.path("hollow")), tools.path("hollow"))
        refused(tools.run(command, "/dev/null"), "/dev/null")


def case_broken_report(tools):
    for name, content in (("half", b'{"schema": "gordian-report/1", "findings": ['), ("other", b'{"schema": "other/9"}'), ("list", b"[]")):
        path = tools.write(name + ".json", content)
        refused(tools.run("report", path), path)


def case_good_and_bad_records_together(tools):
    done = tools.run("report", flight_record(tools), tools.write("bad.flight", b"bad"))
    expect(done.code == 2 and done.error.count("\n") == 1, f"one line and exit code 2 are expected: {done}")
    expect("bad.flight" in done.error and done.output, f"the good record is not reported: {done}")


def case_strange_file_names(tools):
    path = tools.write("line\nbreak\x1b[31m.flight", b"no record")
    for command in ("inspect", "report", "predict"):
        done = tools.run(command, path)
        refused(done)
        expect("\x1b" not in done.error, f"an escape sequence comes through: {done}")
    done = tools.run("run", "--", "/nowhere/with\nbreak\x1b[31m")
    refused(done)
    expect("\x1b" not in done.error, f"an escape sequence comes through: {done}")


# --- traces


def case_missing_trace(tools):
    refused(tools.run("predict", "/nowhere/a.std"), "/nowhere/a.std", "No such file")
    refused(tools.run("predict"), "TRACE", "--help")
    refused(tools.run("predict", tools.scratch), tools.scratch, "is a directory")


def case_broken_text_trace(tools):
    for name, content, words in (
        ("empty", b"", ("holds no event",)),
        ("prose", b"hello, world\n" * 500, (":1:", "is no event")),
        ("random", b"\x00\x01\xff|" * 900, (":1:",)),
        ("unfinished", b"T1|acq(a)|1\nT1|rel(a)", (":2:", "not a whole one")),
        ("operation", b"T1|acq(a)|1\nT1|frob(a)|2\n", (":2:", "no operation \"frob\"")),
        ("not_held", b"T1|w(x)|1\n\nT1|rel(a)|2\n", (":3:", "T1", "does not hold")),
        ("held", b"T1|acq(a)|1\nT2|acq(a)|2\n", (":2:", "T2", "another thread holds, T1")),
        ("long", b"T1|w(" + b"x" * (3 << 20), (":1:", "longer than")),
    ):
        path = tools.write(name + ".std", content)
        refused(tools.run("predict", path), path, *words)


def case_broken_recorded_trace(tools):
    for name, content, words in (
        ("magic_alone", b"GORDTRC\n", ("cut short", "header")),
        ("zeros", b"GORDTRC\n" + bytes(5000), ("byte-order mark",)),
        ("other_order", b"GORDTRC\n" + struct.pack(">II", 1, 0x01020304) + bytes(5000), ("other byte order",)),
        ("later", b"GORDTRC\n" + struct.pack("<II", 4711, 0x01020304) + bytes(5000), ("version 4711",)),
        ("sizes", b"GORDTRC\n" + struct.pack("<II", 2, 0x01020304) + bytes(5000), ("other sizes",)),
    ):
        path = tools.write(name + ".trace", content)
        refused(tools.run("predict", path), path, *words)


def case_good_and_bad_traces_together(tools):
    good = tools.write("good.std", b"T1|acq(a)|1\nT1|rel(a)|2\n")
    done = tools.run("predict", good, tools.write("bad.std", b"bad\n"))
    expect(done.code == 2 and done.error.count("\n") == 1, f"one line and exit code 2 are expected: {done}")
    expect("bad.std:1" in done.error and "no findings" in done.output, f"the good trace is not reported: {done}")


# --- suppressions, baselines and what is compared


def case_bad_suppressions(tools):
    record = flight_record(tools)
    for line, *words in (
        (b"nonsense", "does not begin with a rule"),
        (b"dedlock:x why", "dedlock", "no rule"),
        (b"deadlock:x", "no reason"),
        (b"deadlock:func=x why", "func", "lock=, function="),
        (b"deadlock:f(int, int) why", "double quotes"),
        (b'deadlock:"f why', "no end"),
        (b"fingerprint 12 why", "12", "16 hexadecimal digits"),
        (b"\xff\x1b[31m:x why", "no rule"),
    ):
        path = tools.write("list", b"# fine\n\n" + line + b"\n")
        for command in (("report", "--suppressions", path, record), ("run", "--suppressions", path, "--", "/bin/true")):
            done = tools.run(*command)
            refused(done, f"{path}:3: ", *words)
            expect("\x1b" not in done.error, f"an escape sequence comes through: {done}")
    path = tools.write("tsan", b"race:x\ndeadlock x\n")
    refused(tools.run("report", "--tsan-suppressions", path, record), f"{path}:2: ", "deadlock:PATTERN")


def case_suppressions_that_cannot_be_read(tools):
    record = flight_record(tools)
    for option in ("--suppressions", "--tsan-suppressions", "--baseline"):
        refused(tools.run("report", option, "/nowhere/list", record), "/nowhere/list", "No such file")
        refused(tools.run("run", option, tools.scratch, "--", "/bin/true"), tools.scratch, "is a directory")
        refused(tools.run("report", record, option), option)


def case_bad_baseline(tools):
    record = flight_record(tools)
    for name, content, *words in (
        ("cut", b'{"schema": "gordian-report/1", "findings": [', "not JSON, or cut off"),
        ("text", b"0681bd04d8eeadf7\n", "not JSON, or cut off"),
        ("other", b'{"schema": "other/1"}', "other/1"),
        ("sarif", b'{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]}', "another tool"),
        ("empty", b"", "not JSON"),
    ):
        path = tools.write(name + ".baseline", content)
        refused(tools.run("report", "--baseline", path, record), path, "--write-baseline", *words)
        refused(tools.run("run", "--baseline", path, "--", "/bin/true"), path, *words)
    refused(tools.run("report", "--baseline", record, record), record, "not a text file")


def case_baseline_cannot_be_written(tools):
    done = tools.run("report", "--write-baseline", "/nowhere/baseline", flight_record(tools))
    expect(done.code == 2 and "/nowhere/baseline" in done.error, f"it is not refused: {done}")


def case_nothing_to_compare(tools):
    record = flight_record(tools)
    refused(tools.run("report", "--diff", record), "--diff", "1 was given", "OLD NEW")
    refused(tools.run("report", "--diff", record, record, record), "3 were given")
    refused(tools.run("report", "--diff", record, "/nowhere/new"), "/nowhere/new")
    refused(tools.run("report", "--diff", tools.write("bad.flight", b"bad"), record), "bad.flight")
    refused(tools.run("report", "--diff", "--format", "sarif", record, record), "sarif", "text, json")
    refused(tools.run("report", "--lock-order-graph", "--format", "sarif", record), "sarif", "text, json, dot, svg")
    refused(tools.run("report", "--lock-order-graph", "--format", "html", record), "html", "text, json, dot, svg")
    refused(tools.run("report", "--lock-order-graph", "--diff", record, record), "--diff", "gordian report --help")


# --- the command line


def case_wrong_options(tools):
    true = ("--", "/bin/true")
    refused(tools.run("run", "--fail-on", "nonsense", *true), "--fail-on", "nonsense", "gordian run --help")
    refused(tools.run("run", "--on-deadlock", "nonsense", *true), "--on-deadlock", "nonsense", "gordian run --help")
    refused(tools.run("run", "--color", "nonsense", *true), "--color", "nonsense")
    refused(tools.run("run", "--error-exitcode", "256", *true), "--error-exitcode", "256")
    refused(tools.run("run", "--error-exitcode", "many", *true), "--error-exitcode", "many")
    refused(tools.run("run", "--stack-depth", "0", *true), "--stack-depth")
    refused(tools.run("run", "--report-dir", *true[:1]), "--report-dir")
    refused(tools.run("run", "--no-such-option", *true), "--no-such-option", "gordian run --help")
    refused(tools.run("inspect", "--format", "sonnet", "x"), "--format", "sonnet", "gordian inspect --help")
    refused(tools.run("report", "--format", "sonnet", "x"), "--format", "sonnet", "gordian report --help")
    refused(tools.run("report", "--fail-on", "nonsense", "x"), "--fail-on", "nonsense", "gordian report --help")
    refused(tools.run("report", "--no-such-option", "x"), "--no-such-option", "gordian report --help")
    refused(tools.run("predict", "--max-length", "-1", "x"), "--max-length", "gordian predict --help")
    refused(tools.run("predict", "--format", "sonnet", "x"), "--format", "sonnet", "gordian predict --help")


def case_no_command(tools):
    refused(tools.run(), "--help")
    refused(tools.run("dance"), "dance", "--help")
    refused(tools.run("--no-such-option"), "--no-such-option", "--help")
    refused(tools.run("run"), "no program", "gordian run -- ./app")
    refused(tools.run("run", "--"), "no program", "gordian run -- ./app")


# --- no room for the record


def same_as_bare(done, bare):
    expect(done.code == bare.code and done.output == bare.output, f"it does not run as it does bare: {done}")


def case_full_shared_memory_preloaded(tools):
    """The program runs on as if we were not there, and one line says that it is not watched."""
    tools.need_namespace()
    program = tools.program("cli/grows")
    bare = run_bare(program)
    with mounted(SHARED_MEMORY, "size=4096"):
        with open(SHARED_MEMORY + "/filler", "wb") as file:
            file.write(bytes(4096))
        done = tools.run_preloaded(program)
        same_as_bare(done, bare)
        expect(done.error.count("\n") == 1 and done.error.startswith("gordian: "), f"one line is expected: {done}")
        expect("is not watched" in done.error and "No space left" in done.error, f"it does not say why: {done}")
        os.unlink(SHARED_MEMORY + "/filler")
        left = [os.path.join(place, name) for place, _, names in os.walk(SHARED_MEMORY) for name in names]
        expect(left == [], f"left behind: {left}")


def case_full_shared_memory_under_run(tools):
    tools.need_namespace()
    with mounted(SHARED_MEMORY, "size=4096"):
        with open(SHARED_MEMORY + "/filler", "wb") as file:
            file.write(bytes(4096))
        refused(tools.run("run", "--", tools.program("cli/grows")), SHARED_MEMORY, "No space left", "free some space")
        expect(os.listdir(SHARED_MEMORY) == ["filler"], f"left behind: {os.listdir(SHARED_MEMORY)}")


def run_bare(program):
    done = subprocess.run([program], capture_output=True, env=environment_with({}), check=True)
    return type("Bare", (), {"code": 0, "output": done.stdout.decode()})


def case_shared_memory_fills_up_while_it_runs(tools):
    """Every size up to the one at which all is recorded: wherever the space ends, the program notices nothing."""
    tools.need_namespace()
    program = tools.program("cli/grows")
    bare = run_bare(program)
    told, complete = 0, 0
    for size in [*range(4, 400, 36), *range(400, 1400, 100), 4000]:
        with mounted(SHARED_MEMORY, f"size={size}k"):
            done = tools.run_preloaded(program)
            same_as_bare(done, bare)
            told += done.error != ""
            complete += done.error == ""
            expect(all(line.startswith("gordian: ") for line in done.error.splitlines()), f"{size} KB: {done}")
            expect(done.error.count("\n") <= 1, f"{size} KB: one line at most: {done}")
    expect(told > 3 and complete > 0, f"the sizes are not chosen well: {told} runs told and {complete} complete")


def case_shared_memory_fills_up_under_run(tools):
    tools.need_namespace()
    program = tools.program("cli/grows")
    bare = run_bare(program)
    for size in (12, 100, 200, 260, 330, 420, 600, 800):
        with mounted(SHARED_MEMORY, f"size={size}k"):
            done = tools.run("run", "--report-dir", tools.path("nearly"), "--", program)
            same_as_bare(done, bare)
            expect(all(line.startswith("gordian: ") for line in done.error.splitlines()), f"{size} KB: {done}")
            expect(os.listdir(SHARED_MEMORY) == [], f"{size} KB: left behind: {os.listdir(SHARED_MEMORY)}")
            unseen = {each["what"]: each["count"] for each in run_program.read_report(tools.path("nearly"))["unseen"]}
            expect(unseen, f"{size} KB: the report says nothing of what was not seen")
            expect(unseen.get("threads without a record", 0) <= 4 * 101, f"{size} KB: {unseen}, and there are 101 threads")


def case_deadlock_where_shared_memory_is_nearly_full(tools):
    """Telling a finding needs room, too. It may be lost, but the program must go on hanging as it would bare."""
    tools.need_namespace()
    program = tools.program("deadlocks/abba_normal")
    found = 0
    for size in (220, 260, 300, 340, 400, 2000):
        with mounted(SHARED_MEMORY, f"size={size}k"), started(
            [program], {"LD_PRELOAD": tools.hooks}, stdin=subprocess.DEVNULL
        ) as process:
            told = select.select([process.stderr], [], [], PATIENCE)[0]
            time.sleep(0.1 if told else 0)
            expect(process.poll() is None, f"{size} KB: it ended with {process.returncode}")
            process.kill()
            found += b"deadlock" in process.stderr.read()
    expect(found > 0, "no deadlock was told at any size")


def case_file_size_limit(tools):
    """ulimit -f sends SIGXFSZ to whoever writes beyond it; that must not become the program's fate."""
    program = tools.program("cli/grows")
    done = tools.run_preloaded("/bin/sh", "-c", f"ulimit -f 1000; exec {program}", options=f"dir={tools.scratch}")
    expect(done.code == 0 and done.output == "grown\n", f"it does not run as it does bare: {done}")
    lines = done.error.splitlines()
    expect(lines and all(re.match(r"gordian: .*Raise .*ulimit -f", line) for line in lines), f"it does not say why: {done}")


def case_memory_limit(tools):
    """ulimit -v leaves no room to map the record, which is large in addresses."""
    program = tools.program("cli/grows")
    for kilobytes in (120_000, 170_000):
        done = tools.run_preloaded("/bin/sh", "-c", f"ulimit -v {kilobytes}; ulimit -s 64; exec {program}", options=f"dir={tools.scratch}")
        expect(done.code == 0 and done.output == "grown\n", f"it does not run as it does bare: {done}")
        expect(re.fullmatch(r"gordian: .*Raise .*ulimit -v.*\n", done.error), f"it does not say why: {done}")


if __name__ == "__main__":
    main(globals())
