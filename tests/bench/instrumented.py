"""What finding races costs: programs that were compiled with -fsanitize=thread, on the compiler's own runtime and on ours.

Four programs (a matrix product, hash tables, a chain of pointers, locks), one that only begins a thread, and one with a thousand and two thousand
threads: what gcc compiled runs on gcc's runtime and on ours, what clang compiled on clang's and on ours, in turn. Time is that of the
processors, the least of the runs; beside it the middle of the ratios of neighbouring runs. Resident is the most that the program had.

A real program is built by whoever wants its figures, with each compiler, and named: --memcached GCC,CLANG,OURS or --pigz GCC,CLANG,OURS, the
last linked by clang with -fno-sanitize-link-runtime and our library.
"""

import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

import servers

PROGRAMS = (("matrix.c",), ("hash.cpp",), ("chase.c",), ("locks.c",), ("threads.c", "1"), ("threads.c", "1000"), ("threads.c", "2000"))
GCC = ("gcc", "g++")
CLANGS = (("clang-19", "clang++-19"), ("clang-14", "clang++-14"))


def compile_to(target, commands, source, options, libraries=()):
    command = commands[1] if source.endswith(".cpp") else commands[0]
    if shutil.which(command) is None:
        return False
    standard = ["-std=c++20"] if source.endswith(".cpp") else []
    done = subprocess.run([command, *standard, "-O2", "-g1", *options, source, "-o", target, *libraries, "-lpthread"], capture_output=True)
    return done.returncode == 0


def clang_with_runtime(folder, sources):
    """The first clang that has its runtime."""
    for commands in CLANGS:
        if compile_to(os.path.join(folder, "tried"), commands, os.path.join(sources, "chase.c"), ["-fsanitize=thread"]):
            return commands
    print("instrumented: no clang with its runtime is installed (clang-19, libclang-rt-19-dev): figures beside gcc's alone")
    return None


def build(folder, source, runtime, clang):
    """What can be built here, by name: program and environment."""
    ours = {"LD_LIBRARY_PATH": os.path.dirname(runtime)}
    target = os.path.join(folder, os.path.basename(source))
    built = {}
    if compile_to(target + ".bare", GCC, source, []):
        built["bare"] = (target + ".bare", {})
    if compile_to(target + ".gcc", GCC, source, ["-fsanitize=thread"]):
        built["gcc"] = (target + ".gcc", {})
        built["ours, gcc"] = (target + ".gcc", ours)
    if clang and compile_to(target + ".clang", clang, source, ["-fsanitize=thread"]):
        built[clang[0]] = (target + ".clang", {})
        if compile_to(target + ".ours", clang, source, ["-fsanitize=thread", "-fno-sanitize-link-runtime"], [runtime]):
            built[f"ours, {clang[0]}"] = (target + ".ours", ours)
    return built


def environment_of(variables, records):
    return dict(os.environ, GORDIAN_OPTIONS=f"dir={records}", **variables)


def one_run(launch, command, variables, records):
    """Seconds of processor time and MiB resident; None where the program failed."""
    done = subprocess.run([launch, *command], env=environment_of(variables, records), capture_output=True, text=True)
    status, user, system, resident = map(int, done.stdout.split())
    return ((user + system) / 1e6, resident / 1024) if status == 0 else None


def in_turn(built, rounds, run_one):
    figures = {name: [] for name in built}
    for _ in range(rounds):
        for name in built:
            figures[name].append(run_one(*built[name]))
    return figures


def tell(title, figures):
    print(f"instrumented: {title:20}{'ms':>8}{'MiB':>8}   ours to theirs: least time, middle of the pairs, memory")
    for name, runs in figures.items():
        if None in runs:
            print(f"  {name:25}  failed")
            continue
        seconds = min(each[0] for each in runs)
        resident = statistics.median(each[1] for each in runs)
        theirs = figures.get(name.removeprefix("ours, "), [None]) if name.startswith("ours, ") else [None]
        ratio = ""
        if None not in theirs:
            pairs = statistics.median(mine[0] / other[0] for mine, other in zip(runs, theirs))
            ratio = f"{seconds / min(each[0] for each in theirs):12.2f}{pairs:8.2f}{resident / statistics.median(each[1] for each in theirs):8.2f}"
        print(f"  {name:25}{seconds * 1000:8.0f}{resident:8.1f}{ratio}", flush=True)


class Server(servers.Memcached):
    """A build of memcached, for the time of one load."""

    name = "memcached"

    def __init__(self, program, quick):
        super().__init__(None, quick)
        self.program, self.operations = program, 500 if quick else 2000

    def command(self):
        return [self.program, *super().command()[1:]]

    def run(self, environment):
        """Processor time and most memory of the server."""
        process = subprocess.Popen(self.command(), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + servers.READY
        while not self.answers() and time.monotonic() < deadline:
            time.sleep(0.05)
        try:
            self.throughput()
            with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
                resident = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            _, _, usage = os.wait4(process.pid, 0)
        return usage.ru_utime + usage.ru_stime, resident


def real_builds(builds, runtime):
    ours = {"LD_LIBRARY_PATH": os.path.dirname(runtime)}
    by_gcc, by_clang, linked = builds
    return {"gcc": (by_gcc, {}), "ours, gcc": (by_gcc, ours), "clang": (by_clang, {}), "ours, clang": (linked, ours)}


def run_pigz(rounds, builds, runtime, launch, folder, records):
    """Our own library, twice, with two threads."""
    text = os.path.join(folder, "input")
    with open(runtime, "rb") as file:
        content = file.read()
    with open(text, "wb") as file:
        file.write(content * 2)
    tell("pigz", in_turn(real_builds(builds, runtime), rounds,
                         lambda program, variables: one_run(launch, [program, "-k", "-f", "-p2", text], variables, records)))


def run_memcached(setup, builds, runtime, records):
    if shutil.which("memcslap") is None:
        print("instrumented: memcached is passed over: memcslap is not installed (libmemcached-tools)")
        return
    tell("memcached", in_turn(real_builds(builds, runtime), 1 if setup.quick else 5,
                              lambda program, variables: Server(program, setup.quick).run(environment_of(variables, records))))


def run(setup):
    runtime = os.path.join(os.path.dirname(setup.library), "tsan", "libtsan.so.2")
    if not os.path.exists(runtime):
        print(f"instrumented: there is no {runtime}; build gordian-tsan")
        return
    sources = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instrumented")
    launch = os.path.join(setup.folder, "launch")
    rounds = setup.pairs or (2 if setup.quick else 9)
    # The records where they are without an option.
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as folder, tempfile.TemporaryDirectory(prefix="gordian-bench-", dir=shared) as records:
        clang = clang_with_runtime(folder, sources)
        for source, *arguments in PROGRAMS:
            title = " ".join([source.split(".")[0], *arguments])
            if not setup.wanted(f"instrumented {title}"):
                continue
            built = build(folder, os.path.join(sources, source), runtime, clang)
            tell(title, in_turn(built, rounds, lambda program, variables: one_run(launch, [program, *arguments], variables, records)))
        if setup.memcached and setup.wanted("instrumented memcached"):
            run_memcached(setup, setup.memcached, runtime, records)
        if setup.pigz and setup.wanted("instrumented pigz"):
            run_pigz(rounds, setup.pigz, runtime, launch, folder, records)
