"""What finding races costs: programs that were compiled with -fsanitize=thread, on the compiler's own runtime and on ours.

Four programs (a matrix product, hash tables, a chain of pointers, locks), one that only begins a thread, and one with a thousand and two thousand
threads: what gcc compiled runs on gcc's runtime and on ours, what clang compiled on clang's and on ours, two at a time, by turns (turns.py). Time is
that of the processors: its ratio is the median of the pairs, with the range in which the true one lies with a confidence of nine in ten.
Resident is the most that the program had.

A real program is built by whoever wants its figures, with each compiler, and named: --memcached GCC,CLANG,OURS or --pigz GCC,CLANG,OURS, the
last linked by clang with -fno-sanitize-link-runtime and our library.
"""

import os
import shutil
import statistics
import subprocess
import tempfile

from turns import Memcached, Work, figure, in_turns

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
    """A race that is told is no failure."""
    return dict(os.environ, GORDIAN_OPTIONS=f"dir={records}", TSAN_OPTIONS="exitcode=0", **variables)


def beside(theirs, ours, begin, rounds):
    """What theirs and ours took, for each of the rounds; None where one fails."""
    pairs = []
    for number in range(rounds):
        order = (theirs, ours) if number % 2 == 0 else (ours, theirs)
        try:
            taken = in_turns(lambda side: begin(*side), order)
        except subprocess.CalledProcessError:
            return None
        pairs.append(taken if number % 2 == 0 else taken[::-1])
    return pairs


def tell_one(name, runs, ratios=""):
    seconds, resident = (statistics.median(getattr(each, what) for each in runs) for what in ("cpu", "resident"))
    print(f"  {name:25}{seconds * 1000:8.0f}{resident:8.1f}   {ratios}", flush=True)


def tell(title, built, begin, rounds):
    """Each runtime with ours beside it, and the bare program alone."""
    print(f"instrumented: {title:20}{'ms':>8}{'MiB':>8}    ours to theirs: time, memory")
    for name, side in built.items():
        if name == "bare":
            tell_one(name, [in_turns(lambda each: begin(*each), [side])[0] for _ in range(rounds)])
        if f"ours, {name}" not in built:
            continue
        pairs = beside(side, built[f"ours, {name}"], begin, rounds)
        if pairs is None:
            print(f"  {name}, or ours: failed", flush=True)
            continue
        memory = statistics.median(ours.resident / theirs.resident for theirs, ours in pairs)
        tell_one(name, [theirs for theirs, _ in pairs])
        tell_one(f"ours, {name}", [ours for _, ours in pairs], f"{figure([ours.cpu / theirs.cpu for theirs, ours in pairs])} {memory:6.2f}")


def real_builds(builds, runtime):
    ours = {"LD_LIBRARY_PATH": os.path.dirname(runtime)}
    by_gcc, by_clang, linked = builds
    return {"gcc": (by_gcc, {}), "ours, gcc": (by_gcc, ours), "clang": (by_clang, {}), "ours, clang": (linked, ours)}


def pigz_input(runtime, folder):
    """Our own library, four times."""
    text = os.path.join(folder, "input")
    with open(runtime, "rb") as file:
        content = file.read()
    with open(text, "wb") as file:
        file.write(content * 4)
    return text


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
            tell(title, build(folder, os.path.join(sources, source), runtime, clang),
                 lambda program, variables: Work(launch, [program, *arguments], environment_of(variables, records)), rounds)
        if setup.pigz and setup.wanted("instrumented pigz"):
            command = ["-k", "-c", "-p2", pigz_input(runtime, folder)]
            tell("pigz", real_builds(setup.pigz, runtime),
                 lambda program, variables: Work(launch, [program, *command], environment_of(variables, records)), rounds)
        if setup.memcached and setup.wanted("instrumented memcached"):
            tell("memcached", real_builds(setup.memcached, runtime),
                 lambda program, variables: Memcached(launch, program, environment_of(variables, records), 200 if setup.quick else 2_000), rounds)
