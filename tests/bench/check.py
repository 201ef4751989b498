"""What `gordian check` costs beside a parse: the same units by `clang -fsyntax-only`, one after the other, by check with an empty cache, and by
check with a warm one, in turns. Wall time is with one job each; memory is the largest of any process.

The units are some of Gordian's own, or those of the database that GORDIAN_BENCH_DATABASE names."""

import json
import os
import resource
import shlex
import shutil
import statistics
import subprocess
import tempfile
import time

MOST_UNITS = 24


def find_clang():
    for name in ("clang-19", "clang++-19", "clang"):
        path = shutil.which(name)
        if path:
            return path
    return None


def units_of(path):
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    if "GORDIAN_BENCH_DATABASE" not in os.environ:
        entries = [entry for entry in entries if "/analyzer/static-pass/link/" in entry["file"] or "/analyzer/finding/" in entry["file"]]
    return entries[:: max(1, len(entries) // MOST_UNITS)][:MOST_UNITS]


def words_of(entry):
    words = entry["arguments"] if "arguments" in entry else shlex.split(entry["command"])
    while words and ("ccache" in words[0] or "=" in words[0] or words[0] in ("env", "-E") or words[0].endswith("cmake")):
        words = words[1:]
    kept, skip = [], False
    for word in words[1:]:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MT", "-MQ"):
            skip = True
        elif word not in ("-c", "-MD", "-MMD") and "cmake_pch" not in word and word not in ("-include", "-Winvalid-pch"):
            kept.append(word)
    return words[0], kept


def syntax_only(clang, entries):
    for entry in entries:
        compiler, words = words_of(entry)
        driver = ["--driver-mode=g++"] if compiler.endswith("++") else []
        subprocess.run([clang, *driver, "-fsyntax-only", "-w", *words], cwd=entry["directory"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def seconds(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def run(setup):
    database = os.environ.get("GORDIAN_BENCH_DATABASE") or os.path.join(setup.folder, "..", "..", "compile_commands.json")
    gordian = os.path.join(setup.folder, "..", "gordian")
    clang = find_clang()
    if setup.only and setup.only not in "check":
        return
    if clang is None or not os.path.exists(database) or not os.path.exists(gordian):
        print("check: needs clang (clang-19), a compile_commands.json and gordian beside it; left out")
        return
    entries = units_of(database)
    print(f"\ncheck: {len(entries)} units of {os.path.realpath(database)}, one job")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(entries, file)
        cache = os.path.join(folder, "cache")

        def check():
            subprocess.run([gordian, "check", "-p", folder, "--jobs", "1", "--cache", cache, "-o", os.devnull], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        cold, warm, parse = [], [], []
        for _ in range(1 if setup.quick else 3):
            shutil.rmtree(cache, ignore_errors=True)
            parse.append(seconds(lambda: syntax_only(clang, entries)))
            cold.append(seconds(check))
            warm.append(seconds(check))
        base = statistics.median(parse)
        print(f"  clang -fsyntax-only  {base:8.2f} s   1.00")
        print(f"  check, empty cache   {statistics.median(cold):8.2f} s   {statistics.median(cold) / base:.2f}")
        print(f"  check, warm cache    {statistics.median(warm):8.2f} s   {statistics.median(warm) / base:.3f}")
        print(f"  largest process      {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:8.0f} MiB")
