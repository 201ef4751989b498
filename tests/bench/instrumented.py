"""What finding races costs: programs that were compiled with -fsanitize=thread, on the compiler's own runtime and on ours.

Four programs (a matrix product, hash tables, a chain of pointers, locks) run bare, on the runtime of gcc and of clang, where these
are installed, and the same code on ours, in turn. Time is that of the processors; resident is the most that the process had, and never
less than what this program has itself.
"""

import os
import shutil
import statistics
import subprocess
import tempfile

PROGRAMS = ("matrix.c", "hash.cpp", "chase.c", "locks.c")
COMPILERS = (("gcc", "gcc", "g++"), ("clang-19", "clang-19", "clang++-19"), ("clang-14", "clang-14", "clang++-14"))


def compile_to(target, command, source, options, libraries=()):
    standard = ["-std=c++20"] if source.endswith(".cpp") else []
    done = subprocess.run([command, *standard, "-O2", "-g1", *options, source, "-o", target, *libraries, "-lpthread"], capture_output=True)
    return done.returncode == 0


def build(folder, source, runtime):
    """What can be built here, by name: command and environment."""
    directory = os.path.dirname(runtime)
    ours = {"LD_LIBRARY_PATH": directory}
    built = {}
    for name, c, cxx in COMPILERS:
        command = shutil.which(cxx if source.endswith(".cpp") else c)
        if command is None:
            continue
        target = os.path.join(folder, f"{os.path.basename(source)}.{name}")
        if "bare" not in built and compile_to(target + ".bare", command, source, []):
            built["bare"] = (target + ".bare", {})
        if compile_to(target, command, source, ["-fsanitize=thread"]):
            built[name] = (target, {})
        if name == "gcc" and name in built:
            built[f"ours, {name}"] = (target, ours)
        elif compile_to(target + ".ours", command, source, ["-fsanitize=thread", "-fno-sanitize-link-runtime"], [runtime]):
            built[f"ours, {name}"] = (target + ".ours", ours)
    return built


def one_run(program, environment, records):
    """Seconds of processor time and MiB resident."""
    variables = dict(os.environ, GORDIAN_OPTIONS=f"dir={records}", **environment)
    # A shell in between, so that the figure of memory is not that of this program before its exec.
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", f'"{program}" > /dev/null 2>&1; :'], variables)
    _, _, usage = os.wait4(pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def run(setup):
    runtime = os.path.join(os.path.dirname(setup.library), "tsan", "libtsan.so.2")
    if not os.path.exists(runtime):
        print(f"instrumented: there is no {runtime}; build gordian-tsan")
        return
    sources = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instrumented")
    rounds = 2 if setup.quick else 5
    with tempfile.TemporaryDirectory(prefix="gordian-bench-") as folder:
        for source in PROGRAMS:
            if not setup.wanted(f"instrumented {source}"):
                continue
            built = build(folder, os.path.join(sources, source), runtime)
            figures = {name: [] for name in built}
            for _ in range(rounds):
                for name, (program, environment) in built.items():
                    figures[name].append(one_run(program, environment, folder))
            tell(source.split(".")[0], figures)


def tell(title, figures):
    print(f"instrumented: {title:20}{'ms':>8}{'MiB':>8}{'ours to theirs':>18}")
    for name, runs in figures.items():
        seconds = min(each[0] for each in runs)
        resident = statistics.median(each[1] for each in runs)
        theirs = name.removeprefix("ours, ")
        ratio = ""
        if theirs != name and theirs in figures:
            ratio = f"{seconds / min(each[0] for each in figures[theirs]):10.2f} time" \
                    f"{resident / statistics.median(each[1] for each in figures[theirs]):6.2f} memory"
        print(f"  {name:25}{seconds * 1000:8.0f}{resident:8.1f}{ratio}")
