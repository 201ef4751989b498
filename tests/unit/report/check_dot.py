"""Has Graphviz read the pictures that gordian draws, hostile names included, and compares what it understood.

Usage: check_dot.py REPORT_TESTS    (the test program writes the examples)
Exits with 77, which ctest takes for skipped, where `dot` is not installed.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

if shutil.which("dot") is None:
    print("graphviz is not installed: `dot` is not there to read the pictures")
    sys.exit(77)


def main(program):
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(
            [program, "--gtest_filter=Dot.WritesTheExamplesForGraphviz"],
            env={**os.environ, "GORDIAN_EXAMPLES": directory},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        pictures = sorted(pathlib.Path(directory).glob("*.dot"))
        assert len(pictures) == 4, pictures
        for picture in pictures:
            done = subprocess.run(["dot", "-Tplain", picture], capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0 and not done.stderr, f"{picture.name}: {done.stderr}"
            arrows = len(re.findall(r"^ +\w+ -> \w+ \[", picture.read_text(), re.MULTILINE))
            read = sum(line.startswith("edge ") for line in done.stdout.splitlines())
            assert read == arrows, f"{picture.name}: {arrows} arrows were drawn and {read} read"
    print(f"{len(pictures)} pictures are good")


main(*sys.argv[1:])
