#!/usr/bin/env python3
"""confirm_programs is held to its own promises: with made-up reports, and with a stand-in for gordian."""

import json
import os
import stat
import sys
import tempfile
import unittest

import confirm_programs
from run_program import parse_expectation
from run_program_test import LATENT, inversion, left_right, report, step


def confirmed():
    finding = left_right("confirmed")
    finding["schedule"] = ["one takes left", "two takes right"]
    return finding


class Judgement(unittest.TestCase):
    def wrong(self, reachable, code, *findings, expected=LATENT):
        expectations = [parse_expectation(expected)] if expected else []
        return confirm_programs.judge_confirmation(reachable, expectations, code, report(*findings))

    def test_what_is_reachable_must_be_confirmed(self):
        self.assertEqual(self.wrong("yes", 1, confirmed()), [])
        self.assertTrue(self.wrong("yes", 0, left_right("possible")))
        self.assertTrue(self.wrong("yes", 0))

    def test_a_confirmation_has_a_schedule(self):
        self.assertTrue(self.wrong("yes", 1, left_right("confirmed")))

    def test_what_need_not_be_reached_may_be(self):
        self.assertEqual(self.wrong("no", 0, left_right("possible")), [])
        self.assertEqual(self.wrong("no", 1, confirmed()), [])

    def test_nothing_else_is_confirmed(self):
        other = inversion("confirmed", step(11, name="north"), step(12, name="south"))
        other["schedule"] = ["one", "two"]
        self.assertTrue(self.wrong("yes", 1, confirmed(), other))
        self.assertTrue(self.wrong("no", 1, other))

    def test_what_cannot_be_reached_must_not_be_confirmed(self):
        self.assertEqual(self.wrong("never", 0, left_right("possible")), [])
        self.assertTrue(self.wrong("never", 1, confirmed()))
        unlikely = LATENT.replace("possible", "unlikely")
        self.assertEqual(self.wrong("never", 0, left_right("unlikely"), expected=unlikely), [])
        self.assertTrue(self.wrong("yes", 1, confirmed(), expected=unlikely))

    def test_the_exit_code_tells_the_same(self):
        self.assertTrue(self.wrong("yes", 0, confirmed()))
        self.assertTrue(self.wrong("never", 1, left_right("possible")))
        self.assertTrue(self.wrong("no", 2))

    def test_a_missing_report_is_noticed(self):
        self.assertTrue(confirm_programs.judge_confirmation("no", [], 0, None))


class Sources(unittest.TestCase):
    def reachable(self, text, folder="latent"):
        with tempfile.TemporaryDirectory() as directory:
            os.mkdir(os.path.join(directory, folder))
            path = os.path.join(directory, folder, "program.c")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return confirm_programs.read_reachable(path)

    def test_the_line_says_yes_or_why_not(self):
        self.assertEqual(self.reachable("// EXPECT: x\n// CONFIRM: reachable=yes\n"), "yes")
        self.assertEqual(self.reachable("// CONFIRM: reachable=no (it is short)\n"), "no")
        self.assertEqual(self.reachable("// nothing\n", "innocent"), "never")

    def test_a_line_that_says_less_is_refused(self):
        for text in ("// nothing\n", "// CONFIRM: reachable=no\n", "// CONFIRM: reachable=perhaps (so)\n"):
            with self.assertRaises(ValueError):
                self.reachable(text)

    def test_every_latent_program_says_it(self):
        here = os.path.dirname(os.path.abspath(__file__))
        words = [confirm_programs.read_reachable(source) for _, source in confirm_programs.collect(here, "^latent/")]
        self.assertGreater(words.count("yes"), 0)


# Stands in for gordian: `run` writes the first report of FAKE_REPORTS, `confirm` the second and ends with FAKE_CODE.
FAKE = """#!{python}
import json, os, subprocess, sys
arguments = sys.argv[1:]
end = arguments.index("--")
program, options = arguments[end + 1:], arguments[:end]
first, second = json.loads(os.environ["FAKE_REPORTS"])
if options[0] == "run":
    path, report, code = os.path.join(options[options.index("--report-dir") + 1], "report.json"), first, 0
else:
    assert json.load(open(options[1])) == first
    path, report, code = options[options.index("--output") + 1], second, int(os.environ["FAKE_CODE"])
subprocess.run(program, check=True)
with open(path, "w") as file:
    json.dump(report, file)
sys.exit(code)
"""


class EndToEnd(unittest.TestCase):
    def confirm(self, code, *findings, line="// CONFIRM: reachable=yes"):
        os.environ["FAKE_REPORTS"] = json.dumps([report(left_right("possible")), report(*findings)])
        os.environ["FAKE_CODE"] = str(code)
        with tempfile.TemporaryDirectory() as directory:
            gordian, source = os.path.join(directory, "gordian"), os.path.join(directory, "source.c")
            with open(gordian, "w", encoding="utf-8") as file:
                file.write(FAKE.format(python=sys.executable))
            os.chmod(gordian, stat.S_IRWXU)
            with open(source, "w", encoding="utf-8") as file:
                file.write(f"// EXPECT: {LATENT}\n{line}\n")
            return confirm_programs.confirm(gordian, "/bin/true", source)

    def test_a_confirmed_one_passes(self):
        self.assertEqual(self.confirm(1, confirmed()), [])

    def test_one_that_is_not_confirmed_fails(self):
        self.assertTrue(self.confirm(0, left_right("possible")))

    def test_an_error_of_confirm_fails(self):
        self.assertTrue(self.confirm(2, confirmed(), line="// CONFIRM: reachable=no (reason)"))


if __name__ == "__main__":
    unittest.main()
