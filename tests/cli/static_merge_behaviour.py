#!/usr/bin/env python3
"""What `gordian report` says of the static pass's findings beside real runs. How the cases are run is told in cases.py.

The static reports are written here by hand, with the lines looked up in the sources of the programs that run.
"""

import json
import os

from cases import expect, main

SOURCES = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ACCOUNTS = os.path.join(SOURCES, "samples", "two_accounts.cpp")
ABBA = os.path.join(SOURCES, "tests", "hooks", "latent", "abba_normal.c")


def line_of(path, text, after=""):
    """The first line with `text` below the first with `after`."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    start = next(i for i, line in enumerate(lines) if after in line)
    return next(i + 1 for i, line in enumerate(lines) if i >= start and text in line)


def frame(function, path, line):
    return {"function": function, "file": path, "line": line, "column": 3}


def lock(name):
    return {"name": name, "kind": "mutex", "stable": name}


def side(entry, held, taken, wanted, asked, holder):
    return {
        "thread": {"name": entry},
        "waits_for": lock(wanted),
        "wait_mode": "exclusive",
        "held_by_step": holder,
        "link": "order",
        "waiting_at": [asked],
        "holds": [{"resource": lock(held), "mode": "exclusive", "acquired_at": [taken]}],
    }


def static_report(cycle, fingerprint="5746174696320000"):
    finding = {"rule": "lock-order-inversion", "grade": "possible", "fingerprint": fingerprint, "summary": "orders conflict", "cycle": cycle}
    report = {"schema": "gordian-report/1", "program": {"path": "/src/build"}, "findings": [finding]}
    return json.dumps(report).encode()


def accounts(shift=0):
    """Both sides in transfer(), over the locks of a class; `shift` moves the places elsewhere."""
    function = "transfer(Account&, Account&, long)"
    taken = frame(function, ACCOUNTS, line_of(ACCOUNTS, "lock_from(from.lock)") + shift)
    asked = frame(function, ACCOUNTS, line_of(ACCOUNTS, "lock_to(to.lock)") + shift)
    return static_report([side(f"side {i}", "Account::lock", taken, "Account::lock", asked, 1 - i) for i in (0, 1)])


def abba():
    def way(function, first, second, holder):
        places = [frame(function, ABBA, line_of(ABBA, f"pthread_mutex_lock(&{name})", f" {function}(void) {{")) for name in (first, second)]
        return side(function, first, places[0], second, places[1], holder)

    return static_report([way("left_then_right", "left", "right", 1), way("right_then_left", "right", "left", 0)])


def run_of(tools, program, *options):
    directory = tools.path(os.path.basename(program) + ".run")
    tools.run("run", "--report-dir", directory, *options, "--", program)
    expect(os.path.exists(os.path.join(directory, "report.json")), f"the run of {program} left no report")
    return directory


def deadlocked_run(tools):
    program = os.path.join(os.path.dirname(tools.gordian), "samples", "two_accounts")
    return run_of(tools, program, "--on-deadlock=kill")


def exercised(tools, *inputs):
    """The words on the static finding, and the whole report."""
    done = tools.run("report", "--format", "json", *inputs)
    expect(not done.error, f"nothing on standard error is expected: {done}")
    report = json.loads(done.output)
    marked = [finding for finding in report["findings"] if finding["exercised"]]
    expect(len(marked) == 1, f"one finding is marked: {report['findings']}")
    return marked[0]["exercised"], report


def case_a_cycle_that_deadlocked_is_confirmed(tools):
    directory, checked = deadlocked_run(tools), tools.write("check.json", accounts())
    for inputs in ((directory, checked), (checked, directory), (checked, os.path.join(directory, "report.json"))):
        words, report = exercised(tools, *inputs)
        expect(words["outcome"] == "confirmed", f"{words}")
        happened = [finding for finding in report["findings"] if finding["rule"] == "deadlock"]
        expect(len(happened) == 1 and happened[0]["fingerprint"] in words["explanation"], f"{words}")
        expect(report["program"]["pid"] != 0, f"{report['program']}")


def case_a_cycle_that_nobody_went_through_is_never_exercised(tools):
    words, _ = exercised(tools, deadlocked_run(tools), tools.write("elsewhere.json", accounts(shift=100)))
    expect(words["outcome"] == "never exercised", f"{words}")
    expect("0 of its 2 orders" in words["explanation"], f"{words}")


def case_sarif_says_the_same_in_any_order(tools):
    checked, sarif = tools.write("checked.json", abba()), tools.path("checked.sarif")
    tools.run("report", "--format", "sarif", "--source-root", SOURCES, "-o", sarif, checked)
    directory = run_of(tools, tools.program("latent/abba_normal"))
    from_json, _ = exercised(tools, directory, checked)
    for inputs in ((sarif, directory), (directory, sarif)):
        words, _ = exercised(tools, *inputs)
        expect(words == from_json, f"{words}, {from_json}")
    expect(from_json["outcome"] == "observed", f"{from_json}")


def case_every_format_says_it(tools):
    directory, checked = run_of(tools, tools.program("latent/abba_normal")), tools.write("abba.json", abba())
    text = tools.run("report", "-v", directory, checked).output
    expect("In runs: observed: a run took the locks in these orders" in text, text)
    sarif = json.loads(tools.run("report", "--format", "sarif", directory, checked).output)
    marked = [result for result in sarif["runs"][0]["results"] if "exercised" in result["properties"]]
    expect(len(marked) == 1 and marked[0]["properties"]["exercised"]["outcome"] == "observed", f"{marked}")
    page = tools.run("report", "--format", "html", directory, checked).output
    expect("<dt>In runs</dt><dd>observed: " in page, "the page does not say it")


def case_without_a_run_nothing_is_said(tools):
    done = tools.run("report", "--format", "json", tools.write("alone.json", abba()))
    expect(json.loads(done.output)["findings"][0]["exercised"] is None, f"{done}")


if __name__ == "__main__":
    main(globals())
