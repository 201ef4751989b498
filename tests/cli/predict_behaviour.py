#!/usr/bin/env python3
"""What `gordian predict` answers: findings, exit codes, output. How the cases are run is told in cases.py."""

import json

from cases import expect, main

SYNCHRONISATION = b"""T1|acq(a)|bank.cpp:12
T1|acq(b)|bank.cpp:13
T1|rel(b)|bank.cpp:14
T1|rel(a)|bank.cpp:15
T2|acq(b)|bank.cpp:22
T2|acq(a)|bank.cpp:23
T2|rel(a)|bank.cpp:24
T2|rel(b)|bank.cpp:25
"""
ACCESSES = SYNCHRONISATION + b"T1|w(x)|bank.cpp:30\n"
ORDERED = SYNCHRONISATION.replace(b"T2|acq(b)", b"T1|w(done)|bank.cpp:16\nT2|r(done)|bank.cpp:21\nT2|acq(b)")


def findings_of(tools, name, content):
    path = tools.write(name, content)
    done = tools.run("predict", "--format", "json", path)
    expect(not done.error, f"nothing on standard error is expected: {done}")
    return done.code, json.loads(done.output)["findings"]


def case_a_conflict_with_accesses_is_predicted(tools):
    code, findings = findings_of(tools, "accesses.std", ACCESSES)
    expect(code == 1 and len(findings) == 1, f"one finding and exit code 1: {code}, {findings}")
    expect((findings[0]["rule"], findings[0]["grade"]) == ("lock-order-inversion", "predicted"), f"{findings}")
    expect(len(findings[0]["fingerprint"]) == 16, f"{findings}")
    lines = [step["waiting_at"][0]["line"] for step in findings[0]["cycle"]]
    expect(lines == [13, 23], f"{lines}")


def case_synchronisation_alone_is_possible(tools):
    code, findings = findings_of(tools, "synchronisation.std", SYNCHRONISATION)
    expect(code == 1 and findings[0]["grade"] == "possible", f"{code}, {findings}")
    expect("data flow" in findings[0]["grade_reason"], f"{findings}")


def case_what_data_flow_orders_is_no_deadlock_and_the_flag_itself_races(tools):
    code, findings = findings_of(tools, "ordered.std", ORDERED)
    expect(code == 1 and [(each["rule"], each["grade"]) for each in findings] == [("data-race", "predicted")], f"{code}, {findings}")
    expect(findings[0]["cycle"][0]["waits_for"]["name"] == "done", f"{findings}")
    done = tools.run("predict", tools.path("ordered.std"))
    expect("10 events, 2 threads, 2 locks; 0 deadlocks reached of 1 lock-order cycle; 1 race on 1 shared variable" in done.output, f"{done}")


def case_the_report_goes_to_a_file(tools):
    path, out = tools.write("for_file.std", ACCESSES), tools.path("out.json")
    done = tools.run("predict", "--format", "json", "-o", out, path)
    expect(done.code == 1 and not done.output and not done.error, f"{done}")
    again = tools.run("report", out)
    expect(again.code == 1 and "lock-order-inversion, predicted" in again.output, f"{again}")


def case_a_pipe_is_read(tools):
    done = tools.run("predict", "/dev/stdin", given=ACCESSES)
    expect(done.code == 1 and "1 finding, the strongest predicted" in done.output, f"{done}")


def case_a_limit_that_cuts_is_told(tools):
    twice = ACCESSES + ACCESSES.replace(b"(a)", b"(c)").replace(b"(b)", b"(d)")
    done = tools.run("predict", "--max-cycles", "1", tools.write("twice.std", twice))
    expect("1 deadlock reached of 1" in done.output and "Not seen" in done.output, f"{done}")


if __name__ == "__main__":
    main(globals())
