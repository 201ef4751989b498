#!/usr/bin/env python3
"""That run_fixtures.py fails when it must: `run_fixtures.py --self-test`, or this file alone."""

import os
import stat
import sys
import tempfile

import run_fixtures

# Source, findings (rule, grade, summary, lines of its steps), and the words of each complaint; none where it must pass.
COMPARISONS = (
    ("a;  // EXPECT: double-lock", [("double-lock", "possible", "m", [1])], []),
    ("a;  // EXPECT: double-lock", [], ["1: expected and not found: double-lock possible"]),
    ("a;", [("double-lock", "possible", "m", [1])], ["1: unexpected, step 1 of 1: double-lock"]),
    ("a;  // EXPECT: double-lock\nb;", [("double-lock", "possible", "m", [2])], ["2: unexpected", "1: expected and not"]),
    ("a;  // EXPECT: double-lock", [("missing-unlock", "possible", "m", [1])], ["unexpected", "expected and not found"]),
    ("a;  // EXPECT: double-lock", [("double-lock", "unlikely", "m", [1])], ["expected and not found"]),
    ("a;  // EXPECT: double-lock unlikely", [("double-lock", "unlikely", "m", [1])], []),
    ("a;  // EXPECT: double-lock unlikely", [("double-lock", "possible", "m", [1])], ["unexpected", "expected and not"]),
    ('a;  // EXPECT: double-lock "mu"', [("double-lock", "possible", "of mu", [1])], []),
    ('a;  // EXPECT: double-lock "mu"', [("double-lock", "possible", "of b", [1])], ["unexpected", "expected and not"]),
    ("a;", [("double-lock", "unlikely", "m", [1])], []),
    ("a;", [("double-lock", "possible", "m", [])], ["without steps"]),
    ("a;", [("double-lock", "possible", "m", [None])], ["nowhere: unexpected"]),
    (
        "a;  // EXPECT: lock-order-inversion\nb;  // EXPECT: lock-order-inversion",
        [("lock-order-inversion", "possible", "m", [1, 2])],
        [],
    ),
    (
        "a;  // EXPECT: lock-order-inversion\nb;",
        [("lock-order-inversion", "possible", "m", [1, 2])],
        ["2: unexpected, step 2 of 2"],
    ),
    (
        "a;  // EXPECT: data-race\nb;  // EXPECT-MAY: data-race\nc;  // EXPECT-MAY: data-race",
        [("data-race", "possible", "m", [1, 3])],
        [],
    ),
    ("a;  // EXPECT-MAY: data-race", [], []),
    ("a;  // EXPECT-MAY: data-race", [("double-lock", "possible", "m", [1])], ["unexpected"]),
    ("a;  // EXPECT: double-lock // EXPECT: data-race", [("double-lock", "possible", "m", [1])], ["not found: data-race"]),
)
UNREADABLE = ("// EXPECT: no-such-rule", "// EXPECT: double-lock proven", "// EXPECT double lock", "// EXPECT-NOT: data-race")
FAKE = """#!/usr/bin/env python3
import json, os, sys, time
assert sys.argv[1:3] == ["check", "-p"] and sys.argv[4:] == ["--format", "json", "--no-cache"], sys.argv
unit, = json.load(open(os.path.join(sys.argv[3], "compile_commands.json")))
assert unit["arguments"][-2:] == ["-c", unit["file"]] and "-std=c11" in unit["arguments"], unit
kind = open(unit["file"]).read().split()[-1]
if kind == "hangs": time.sleep(60)
if kind == "fails": sys.exit("no such thing")
frames = [{"file": "/usr/include/x.h", "line": 3}, {"file": unit["file"], "line": 3}]
finding = {"rule": "double-lock", "grade": "possible", "summary": "m", "cycle": [{"waiting_at": frames}]}
print("garbage" if kind == "garbles" else json.dumps({"findings": [finding]}))
sys.exit(2 if kind == "refuses" else 1)
"""
RUNS = (
    ("b;  // EXPECT: double-lock\n// finds", []),
    ("b;\n// finds", ["x.h:3: unexpected, step 1 of 1: double-lock possible: m"]),
    ("b;\n// hangs", ["not through after"]),
    ("b;\n// fails", ["its output is no report", "no such thing"]),
    ("b;\n// garbles", ["its output is no report: 'garbage"]),
    ("b;\n// refuses", ["exit code 2"]),
)


def differ(wrong, words):
    """True unless each complaint is expected and each expected word is complained of."""
    return bool(wrong) != bool(words) or not all(any(word in sentence for sentence in wrong) for word in words)


def self_test():
    failures = []
    for source, told, words in COMPARISONS:
        expectations = [
            expected
            for number, line in enumerate(source.split("\n"), 1)
            for expected in run_fixtures.expectations_of_line("/f.c", number, line)
        ]
        findings = [
            {
                "rule": rule,
                "grade": grade,
                "summary": summary,
                "cycle": [{"waiting_at": [{"file": "/f.c", "line": line}] if line else []} for line in lines],
            }
            for rule, grade, summary, lines in told
        ]
        wrong = run_fixtures.compare(expectations, findings, "/")
        if differ(wrong, words) or len(wrong) != len(words):
            failures.append(f"self-test: {source!r} with {told}: expected {words}, got {wrong}")
    for line in UNREADABLE:
        try:
            list(run_fixtures.expectations_of_line("/f.c", 1, line))
            failures.append(f"self-test: {line} was read")
        except run_fixtures.FixtureError:
            pass
    return failures + self_test_runs()


def self_test_runs():
    failures = []
    with tempfile.TemporaryDirectory(prefix="gordian-fixture-") as directory:
        fake = os.path.join(directory, "fake-gordian")
        source = os.path.join(directory, "source.c")
        with open(fake, "w", encoding="utf-8") as file:
            file.write(FAKE)
        os.chmod(fake, os.stat(fake).st_mode | stat.S_IXUSR)
        for text, words in RUNS:
            with open(source, "w", encoding="utf-8") as file:
                file.write("// A source.\n// FLAGS: -std=c11\n" + text + "\n")
            bound = 2.0 if "hangs" in text else run_fixtures.BOUND
            wrong = run_fixtures.run_program(fake, run_fixtures.program_at(source), bound, base=directory)
            if differ(wrong, words):
                failures.append(f"self-test: {text!r}: expected {words}, got {wrong}")
        for name, text, word in (("a_clean.c", "// A.\n// EXPECT: data-race", "called clean"), ("b.c", "// B.", "no EXPECT"),
                                 ("c_clean.c", "int c;", "does not begin")):
            path = os.path.join(directory, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            if differ(run_fixtures.lint(run_fixtures.program_at(path)), [word]):
                failures.append(f"self-test: lint of {name} does not say: {word}")
    return failures


def main():
    wrong = self_test()
    print("\n".join(wrong) or f"{len(COMPARISONS) + len(UNREADABLE) + len(RUNS)} cases as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
