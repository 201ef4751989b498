#!/usr/bin/env python3
"""The harness is held to its own promises: with made-up reports, and with a stand-in for gordian."""

import argparse
import copy
import json
import os
import stat
import sys
import tempfile
import unittest

import run_program


def step(tid, kind="mutex", name="left", pid=10):
    return {
        "thread": {"name": "t", "tid": tid, "pid": pid},
        "waits_for": {"name": name, "kind": kind, "address": "0x1"},
        "waiting_at": [{"function": "f"}],
    }


def deadlock(*steps):
    holds = {name: {"holds": True, "evidence": "seen"} for name in run_program.CONDITIONS}
    return {
        "rule": "deadlock",
        "grade": "proven",
        "fingerprint": "f",
        "summary": "s",
        "conditions": holds,
        "cycle": list(steps),
    }


def report(*findings):
    return {"program": {"pid": 10}, "findings": list(findings), "unseen": []}


ABBA = run_program.parse_expectation("rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right")


def good():
    return deadlock(step(11), step(12, name="bank.cpp:3 right"))


class Expectations(unittest.TestCase):
    def test_values_may_contain_spaces_and_counts(self):
        expected = run_program.parse_expectation("rule=a|b grade=proven kinds=static guard,mutex*2 names=x optional")
        self.assertEqual(expected.rules, ["a", "b"])
        self.assertEqual(expected.kinds, ["mutex", "mutex", "static guard"])
        self.assertEqual(expected.names, ["x"])
        self.assertTrue(expected.optional)

    def test_a_misspelt_key_is_refused(self):
        with self.assertRaises(ValueError):
            run_program.parse_expectation("rule=deadlock grade=proven thread=2")


class Judgement(unittest.TestCase):
    def wrong(self, finding, expected=ABBA):
        return run_program.judge([expected], report(finding))

    def test_what_is_expected_passes(self):
        self.assertEqual(self.wrong(good()), [])

    def test_each_difference_is_noticed(self):
        def spoilt(change):
            finding = copy.deepcopy(good())
            change(finding)
            return self.wrong(finding)

        self.assertTrue(spoilt(lambda f: f.update(rule="global-stall")))
        self.assertTrue(spoilt(lambda f: f.update(grade="inferred")))
        self.assertTrue(spoilt(lambda f: f["cycle"].pop()))
        self.assertTrue(spoilt(lambda f: f["cycle"][0]["waits_for"].update(kind="rwlock")))
        self.assertTrue(spoilt(lambda f: f["cycle"][0]["waits_for"].update(name="leftover")))
        self.assertTrue(spoilt(lambda f: f["cycle"][0].update(waiting_at=[])))
        self.assertTrue(spoilt(lambda f: f["cycle"][0]["thread"].update(tid=12)))
        self.assertTrue(spoilt(lambda f: f["cycle"][0]["thread"].update(pid=99)))
        self.assertTrue(spoilt(lambda f: f["conditions"].pop("no_preemption")))
        self.assertTrue(spoilt(lambda f: f["conditions"]["circular_wait"].update(holds=False)))

    def test_a_finding_too_many_is_noticed(self):
        self.assertTrue(run_program.judge([ABBA], report(good(), good())))

    def test_optional_findings_may_come_or_not(self):
        optional = run_program.parse_expectation("rule=self-deadlock grade=proven optional")
        extra = deadlock(step(11))
        extra["rule"] = "self-deadlock"
        self.assertEqual(run_program.judge([ABBA, optional], report(good())), [])
        self.assertEqual(run_program.judge([ABBA, optional], report(extra, good(), extra)), [])

    def test_a_child_is_another_process(self):
        expected = run_program.parse_expectation("rule=deadlock grade=proven process=child")
        self.assertTrue(self.wrong(good(), expected))
        self.assertEqual(self.wrong(deadlock(step(11, pid=20), step(12, pid=20)), expected), [])


def inversion(grade, *steps):
    finding = deadlock(*steps)
    finding.update(rule="lock-order-inversion", grade=grade)
    for one in finding["cycle"]:
        one["holds"] = [{"resource": {"name": "other"}, "acquired_at": [{"function": "f"}]}]
    if grade == "unlikely":
        finding["conditions"]["circular_wait"]["holds"] = False
    return finding


def left_right(grade):
    return inversion(grade, step(11), step(12, name="right"))


LATENT = "rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right"


class Inversions(unittest.TestCase):
    def wrong(self, *findings, expected=LATENT, unlikely_too=True):
        expectations = [run_program.parse_expectation(expected)] if expected else []
        return run_program.judge(expectations, report(*findings), unlikely_too)

    def test_what_is_expected_passes_and_unlikely_ones_besides(self):
        self.assertEqual(self.wrong(left_right("possible")), [])
        self.assertEqual(self.wrong(left_right("possible"), left_right("unlikely")), [])

    def test_unlikely_ones_can_be_forbidden(self):
        self.assertTrue(self.wrong(left_right("possible"), left_right("unlikely"), unlikely_too=False))

    def test_one_that_is_missing_too_many_or_of_another_grade_is_noticed(self):
        self.assertTrue(self.wrong())
        self.assertTrue(self.wrong(left_right("possible"), left_right("possible")))
        self.assertTrue(self.wrong(left_right("unlikely")))
        self.assertTrue(self.wrong(left_right("possible"), expected=None))

    def test_a_required_unlikely_one_must_be_there(self):
        expected = LATENT.replace("possible", "unlikely")
        self.assertEqual(self.wrong(left_right("unlikely"), expected=expected), [])
        self.assertTrue(self.wrong(expected=expected))

    def test_only_an_unlikely_one_may_have_a_thread_twice(self):
        def one_thread(grade):
            return inversion(grade, step(11), step(11, name="right"))

        self.assertTrue(self.wrong(one_thread("possible")))
        self.assertEqual(self.wrong(one_thread("unlikely"), expected=None), [])

    def test_conditions_holds_and_schedules_are_owed(self):
        def spoilt(grade, change):
            finding = left_right(grade)
            change(finding)
            return run_program.malformed(finding)

        def set_circular(value):
            return lambda f: f["conditions"]["circular_wait"].update(holds=value)

        self.assertEqual(spoilt("possible", lambda f: None), [])
        self.assertTrue(spoilt("possible", set_circular(False)))
        self.assertTrue(spoilt("unlikely", set_circular(True)))
        self.assertTrue(spoilt("possible", lambda f: f["cycle"][0].update(holds=[])))
        self.assertTrue(spoilt("possible", lambda f: f["cycle"][0]["holds"][0].update(acquired_at=[])))
        self.assertTrue(spoilt("possible", lambda f: f["cycle"].pop()))
        self.assertTrue(spoilt("confirmed", lambda f: None))
        self.assertEqual(spoilt("confirmed", lambda f: f.update(schedule=["one", "two"])), [])


# Stands in for gordian: runs the program as a child and writes the report that FAKE_REPORT holds.
FAKE = """#!{python}
import os, subprocess, sys
directory, program = sys.argv[3], sys.argv[5:]
child = subprocess.Popen(program)
with open(os.path.join(directory, "report.json"), "w") as file:
    file.write(os.environ["FAKE_REPORT"])
sys.exit(child.wait())
"""


class EndToEnd(unittest.TestCase):
    def judge(self, kind, script, findings, source="// nothing\n"):
        os.environ["FAKE_REPORT"] = json.dumps(report(*findings))
        with tempfile.TemporaryDirectory() as directory:
            fake, text = os.path.join(directory, "gordian"), os.path.join(directory, "source.c")
            with open(fake, "w", encoding="utf-8") as file:
                file.write(FAKE.format(python=sys.executable))
            os.chmod(fake, stat.S_IRWXU)
            with open(text, "w", encoding="utf-8") as file:
                file.write(source)
            options = argparse.Namespace(gordian=fake, source=text, program=["/bin/sh", "-c", script])
            with open(os.devnull, "w", encoding="utf-8") as silence:
                stdout, sys.stdout = sys.stdout, silence
                try:
                    return run_program.RUNS[kind](options)
                finally:
                    sys.stdout = stdout

    EXPECT = "// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right\n"

    def test_a_hang_that_is_told_passes_and_nothing_survives(self):
        run_program.become_reaper()
        self.assertEqual(self.judge("deadlock", "setsid sleep 1000 & sleep 1000", [good()], self.EXPECT), [])
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            self.assertEqual(file.read(), "")

    def test_a_program_that_should_hang_and_ends_fails(self):
        self.assertTrue(self.judge("deadlock", "exit 0", [], self.EXPECT))

    def test_a_source_without_expectation_fails(self):
        self.assertTrue(self.judge("deadlock", "sleep 1000", [good()]))

    def test_healthy_and_silent_passes(self):
        self.assertEqual(self.judge("healthy", "echo hello", []), [])

    def test_a_false_alarm_fails(self):
        self.assertTrue(self.judge("healthy", "echo hello", [good()]))

    def test_other_output_under_gordian_fails(self):
        self.assertTrue(self.judge("healthy", "echo $PPID", []))

    def test_a_latent_program_is_as_its_source_says(self):
        source = f"// EXPECT: {LATENT}\n"
        self.assertEqual(self.judge("latent", "exit 0", [left_right("possible"), left_right("unlikely")], source), [])
        self.assertTrue(self.judge("latent", "exit 0", [], source))
        self.assertTrue(self.judge("latent", "exit 1", [left_right("possible")], source))
        self.assertTrue(self.judge("latent", "exit 0", [left_right("unlikely")], source.replace("possible", "unlikely")))

    def test_unlikely_findings_are_forbidden_by_a_line(self):
        source = f"// EXPECT: {LATENT}\n// EXPECT-NO-UNLIKELY\n"
        self.assertEqual(self.judge("latent", "exit 0", [left_right("possible")], source), [])
        self.assertTrue(self.judge("latent", "exit 0", [left_right("possible"), left_right("unlikely")], source))

    def test_an_innocent_program_has_unlikely_findings_alone(self):
        source = f"// EXPECT: {LATENT.replace('possible', 'unlikely')}\n"
        self.assertEqual(self.judge("innocent", "exit 0", []), [])
        self.assertEqual(self.judge("innocent", "exit 0", [left_right("unlikely")]), [])
        self.assertTrue(self.judge("innocent", "exit 0", [left_right("possible")]))
        self.assertTrue(self.judge("innocent", "exit 0", [], source))
        self.assertTrue(self.judge("innocent", "exit 0", [left_right("possible")], f"// EXPECT: {LATENT}\n"))


if __name__ == "__main__":
    unittest.main()
