#!/usr/bin/env python3
"""Records a program that was compiled with -fsanitize=thread, and compares what `gordian predict` makes of the trace.

    predict_accesses.py --gordian GORDIAN --source FILE PROGRAM
    predict_accesses.py --gordian GORDIAN --twins PROGRAM...

The source says `// PREDICT: grade, rule, word...`, what exactly one finding is and names, or `// PREDICT: nothing`. Of twins,
PROGRAM has a data race and nothing else, and PROGRAM.clean has nothing. The trace itself keeps the format's promises.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import trace_reader

MOST_SECONDS = 60


def findings_of(gordian, program):
    """What is predicted, and what is wrong with the trace."""
    with tempfile.TemporaryDirectory() as directory:
        trace = os.path.join(directory, "a.trace")
        command = [gordian, "run", "--quiet", "--record-trace", trace, "--", program]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)
        if ran.returncode != 0:
            return [], [f"{program} ended with {ran.returncode}: {ran.stderr.strip()}"]
        wrong = []
        for name in sorted(os.listdir(directory)):
            wrong += trace_reader.Checker(trace_reader.read(os.path.join(directory, name))).check()
        command = [gordian, "predict", "--format", "json", trace]
        told = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)
        return json.loads(told.stdout)["findings"], wrong


def described(finding):
    return ", ".join([finding["grade"], finding["rule"], finding["summary"]])


def check_source(gordian, source, program):
    with open(source, encoding="utf-8") as text:
        wanted = re.search(r"^// PREDICT: (.*)", text.read(), re.MULTILINE).group(1).split(", ")
    findings, wrong = findings_of(gordian, program)
    texts = [described(finding) for finding in findings]
    if wanted == ["nothing"]:
        return wrong + [f"{text}: was not to be told" for text in texts]
    grade, rule, *words = wanted
    if len(texts) != 1:
        wrong.append(f"{len(texts)} findings, not one: {texts}")
    elif not texts[0].startswith(f"{grade}, {rule}, ") or not all(word in texts[0] for word in words):
        wrong.append(f"{texts[0]}: not as expected ({', '.join(wanted)})")
    return wrong


def check_twins(gordian, program):
    racy, wrong = findings_of(gordian, program)
    if not racy or any(finding["rule"] != "data-race" for finding in racy):
        wrong.append(f"{program}: a race was to be told, and nothing else: {[described(finding) for finding in racy]}")
    clean, more = findings_of(gordian, program + ".clean")
    return wrong + more + [f"{program}.clean: {described(finding)}" for finding in clean]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gordian", required=True)
    parser.add_argument("--source")
    parser.add_argument("--twins", action="store_true")
    parser.add_argument("programs", nargs="+")
    arguments = parser.parse_args()
    wrong = []
    for program in arguments.programs:
        if arguments.twins:
            wrong += check_twins(arguments.gordian, program)
        else:
            wrong += check_source(arguments.gordian, arguments.source, program)
    print("\n".join(wrong) or "as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
