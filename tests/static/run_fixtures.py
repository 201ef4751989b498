#!/usr/bin/env python3
"""Runs `gordian check` on the programs of one or more rules and compares the findings with what their sources say.

    run_fixtures.py GORDIAN tests/static/RULE...     the programs of these rules; or single programs
    run_fixtures.py --lint tests/static/RULE...      only that the expectations can be read and the names are right
    run_fixtures.py --compile tests/static/RULE...   that clang and gcc accept every program
    run_fixtures.py --self-test                      that the comparison fails when it must

A program is a source file, or a directory whose sources are its units; headers beside the programs are for several.
Its name ends in `_clean` exactly when nothing is to be found in it. The first line of a source is a comment that says
what the program shows. Among the first lines there may be `// FLAGS: -std=c++20`; -std=c17 or -std=c++17 is meant
otherwise, and -pthread always.

An expectation stands at the end of the offending line:

    account.lock();  // EXPECT: double-lock
    account.lock();  // EXPECT: double-lock unlikely "account"
    account.lock();  // EXPECT-MAY: data-race

It names the rule, the grade (`possible`, unless it says `unlikely`), and a text that must be part of the summary. A
step of a finding fits it when any frame of the step's `waiting_at` has that file and line. EXPECT has to be met;
EXPECT-MAY is for lines that may be shown just as well as others, such as one of several accesses that do hold the lock.

A program passes when every step of every finding fits an expectation, and every EXPECT is met. Findings that are
`unlikely` or suppressed need no expectation. Findings of all rules count, not only of the one whose folder it is.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile

BOUND = 60.0  # seconds for one program
AT_ONCE = 2
RULES = (
    "lock-order-inversion",
    "double-lock",
    "missing-unlock",
    "unlock-not-held",
    "wait-without-loop",
    "condition-mutex-mismatch",
    "blocking-under-lock",
    "lock-across-co-await",
    "unnamed-guard",
    "data-race",
)
GRADES = ("possible", "unlikely")
SOURCES = {".c": ("cc", "clang-19", "gcc", "-std=c17"), ".cpp": ("c++", "clang++-19", "g++", "-std=c++17")}
HEADERS = (".h",)
MARK = re.compile(r"//\s*(EXPECT(?:-[A-Z]+)?)\b:?\s*")
EXPECTATION = re.compile(r"([a-z-]+)(?:\s+([a-z]+))?(?:\s+\"([^\"]+)\")?\s*$")


class FixtureError(Exception):
    pass


@dataclasses.dataclass
class Expectation:
    place: tuple  # (file, line)
    rule: str
    grade: str
    text: str
    required: bool
    met: bool = False

    def fits(self, finding):
        return (
            finding.get("rule") == self.rule
            and finding.get("grade") == self.grade
            and self.text in finding.get("summary", "")
        )

    def __str__(self):
        return " ".join([self.rule, self.grade] + ([f'"{self.text}"'] if self.text else []))


@dataclasses.dataclass
class Program:
    path: str  # of the file or directory, as it was named
    units: list
    files: list  # units and headers

    @property
    def name(self):
        return os.path.splitext(os.path.basename(self.path))[0]


def read_lines(path):
    with open(path, encoding="utf-8") as source:
        return source.read().splitlines()


def expectations_of_line(file, number, line):
    marks = list(MARK.finditer(line))
    for mark, following in zip(marks, marks[1:] + [None]):
        text = line[mark.end() : following.start() if following else None].strip()
        parsed = EXPECTATION.match(text)
        grade = (parsed and parsed.group(2)) or "possible"
        if mark.group(1) not in ("EXPECT", "EXPECT-MAY") or not parsed or parsed.group(1) not in RULES or grade not in GRADES:
            raise FixtureError(f"{file}:{number}: cannot read the expectation: {line[mark.start():]}")
        yield Expectation((file, number), parsed.group(1), grade, parsed.group(3) or "", mark.group(1) == "EXPECT")


def expectations_of(program):
    found = []
    for file in program.files:
        for number, line in enumerate(read_lines(file), 1):
            found += expectations_of_line(os.path.realpath(file), number, line)
    return found


def flags_of(unit):
    flags = [SOURCES[os.path.splitext(unit)[1]][3]]
    for line in read_lines(unit)[:5]:
        match = re.match(r"//\s*FLAGS:\s*(.*)", line)
        if match:
            flags += shlex.split(match.group(1))
    return flags + ["-pthread"]


def program_at(path):
    if os.path.isdir(path):
        files = sorted(os.path.join(path, name) for name in os.listdir(path))
    else:
        files = [path]
    units = [file for file in files if os.path.splitext(file)[1] in SOURCES]
    headers = [file for file in files if os.path.splitext(file)[1] in HEADERS]
    if not units or len(units) + len(headers) != len(files):
        raise FixtureError(f"{path}: a program is a .c or .cpp file, or a directory of such and of .h files")
    return Program(path, units, files)


def programs_at(path):
    """The programs of a rule's folder, or the one program that the path is."""
    path = path.rstrip("/")
    if os.path.basename(path) not in RULES:
        return [program_at(path)]
    names = [name for name in sorted(os.listdir(path)) if not name.endswith(HEADERS)]  # what several programs include
    programs = [program_at(os.path.join(path, name)) for name in names]
    if not programs:
        raise FixtureError(f"{path}: no programs")
    return programs


def write_database(program, directory):
    entries = []
    for unit in program.units:
        unit = os.path.realpath(unit)
        compiler = SOURCES[os.path.splitext(unit)[1]][0]
        entries.append({"directory": directory, "file": unit, "arguments": [compiler, *flags_of(unit), "-c", unit]})
    with open(os.path.join(directory, "compile_commands.json"), "w", encoding="utf-8") as database:
        json.dump(entries, database)


def run_bounded(command, bound):
    """(exit code, standard output, standard error); nothing of it outlives the bound."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        output, errors = process.communicate(timeout=bound)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise FixtureError(f"not through after {bound:g} s") from None
    return process.returncode, output, errors


def findings_of(gordian, program, bound):
    with tempfile.TemporaryDirectory(prefix="gordian-fixture-") as directory:
        directory = os.path.realpath(directory)
        write_database(program, directory)
        code, output, errors = run_bounded([gordian, "check", "-p", directory, "--format", "json", "--no-cache"], bound)
    said = " | ".join(errors.split("\n")).strip(" |") or "nothing on standard error"
    if code not in (0, 1):
        raise FixtureError(f"exit code {code}: {said}")
    try:
        return json.loads(output)["findings"]
    except (ValueError, KeyError, TypeError):
        raise FixtureError(f"its output is no report: {output[:60]!r}: {said}") from None


def places_of(step):
    """(file, line) of the frames, innermost first."""
    frames = step.get("waiting_at") or []
    return [(os.path.realpath(frame.get("file") or "?"), frame.get("line") or 0) for frame in frames]


def shown(place, base):
    return f"{os.path.relpath(place[0], base)}:{place[1]}" if place[0].startswith("/") else f"{place[0]}:{place[1]}"


def compare(expectations, findings, base):
    """What is wrong, a sentence each. Paths are told from `base`."""
    wrong = []
    for finding in findings:
        if finding.get("suppressed"):
            continue
        told = f"{finding.get('rule')} {finding.get('grade')}: {finding.get('summary')}"
        steps = finding.get("cycle") or []
        unwelcome = finding.get("grade") != "unlikely"
        if not steps and unwelcome:
            wrong.append(f"a finding without steps: {told}")
        for number, step in enumerate(steps, 1):
            places = places_of(step)
            fitting = [expected for expected in expectations if expected.place in places and expected.fits(finding)]
            for expected in fitting:
                expected.met = True
            if not fitting and unwelcome:
                where = shown(places[0], base) if places else "nowhere"
                wrong.append(f"{where}: unexpected, step {number} of {len(steps)}: {told}")
    for expected in expectations:
        if expected.required and not expected.met:
            wrong.append(f"{shown(expected.place, base)}: expected and not found: {expected}")
    return wrong


def run_program(gordian, program, bound=BOUND, base=None):
    try:
        findings = findings_of(gordian, program, bound)
        return compare(expectations_of(program), findings, base or os.getcwd())
    except FixtureError as error:
        return [f"{program.path}: {error}"]


def lint(program):
    wrong = []
    try:
        required = [expected for expected in expectations_of(program) if expected.required]
    except FixtureError as error:
        return [str(error)]
    if program.name.endswith("_clean") and any(expected.grade != "unlikely" for expected in required):
        wrong.append(f"{program.path}: is called clean and has an EXPECT")
    if not program.name.endswith("_clean") and not required:
        wrong.append(f"{program.path}: has no EXPECT and is not called clean")
    for file in program.files:
        if not re.match(r"// \S", (read_lines(file) or [""])[0]):
            wrong.append(f"{file}:1: does not begin with a comment that says what it shows")
    return wrong


def compile_program(program):
    wrong = []
    for unit in program.units:
        for compiler in SOURCES[os.path.splitext(unit)[1]][1:3]:
            code, _, errors = run_bounded([compiler, "-fsyntax-only", "-w", *flags_of(unit), unit], BOUND)
            if code:
                wrong.append(f"{unit}: {compiler}: " + errors.strip().split("\n")[0])
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--lint", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("paths", nargs="*")
    arguments = parser.parse_args()
    if arguments.self_test:
        import run_fixtures_test

        sys.exit(run_fixtures_test.main())
    paths = arguments.paths
    if arguments.lint:
        judge = lint
    elif arguments.compile:
        judge = compile_program
    else:
        gordian, *paths = paths or [""]
        judge = lambda program: run_program(gordian, program)
        if not os.access(gordian, os.X_OK):
            parser.error(f"{gordian or 'nothing'} is no program that can be run")
    if not paths:
        parser.error("name the folder of a rule, or a program")
    try:
        programs = [program for path in paths for program in programs_at(path)]
    except (FixtureError, OSError) as error:
        sys.exit(str(error))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for program, wrong in zip(programs, pool.map(judge, programs)):
            failed += bool(wrong)
            for sentence in wrong:
                print(sentence, flush=True)
    print(f"{len(programs)} programs, {failed} with differences")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
