"""Checks the renderer's output against the report's schema, and that the schema refuses what it should.

Usage: check_schema.py SCHEMA REPORT_TESTS   (the test program writes the examples)
Exits with 77, which ctest takes for skipped, where the jsonschema module is not installed.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

Validator = getattr(jsonschema, "Draft202012Validator", None)
if Validator is None:
    print("python3-jsonschema is too old for draft 2020-12")
    sys.exit(77)


def write_examples(program, directory):
    subprocess.run(
        [program, "--gtest_filter=Json.WritesTheExamplesForTheSchemaTest"],
        env={**os.environ, "GORDIAN_EXAMPLES": directory},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return {path.name: json.loads(path.read_text()) for path in pathlib.Path(directory).glob("*.json")}


# Keys that version 1 has gained: a report made before that is still a good one.
LATER = {"lock_order"}
LATER_IN_FINDING = {"schedule", "suppression", "confirmation", "exercised"}


def without(report, keys, later_keys):
    """Reports that lack some keys; `keys` finds the object to take them from."""
    for key in keys(report):
        if key not in later_keys:
            lacking = copy.deepcopy(report)
            del keys(lacking)[key]
            yield f"without {key}", lacking


def earlier(report):
    """As an earlier version would have written it."""
    result = copy.deepcopy(report)
    for key in LATER:
        del result[key]
    for finding in result["findings"]:
        for key in LATER_IN_FINDING:
            del finding[key]
    return result


def broken(report):
    """Reports that each lack or twist one thing."""
    yield from without(report, lambda each: each, LATER)
    yield from without(report, lambda each: each["findings"][0], LATER_IN_FINDING)
    yield from without(report, lambda each: each["lock_order"], ())
    yield from without(report, lambda each: each["lock_order"]["edges"][0], ())
    twisted = copy.deepcopy(report)
    twisted["findings"][0]["grade"] = "certain"
    yield "an unknown grade", twisted
    twisted = copy.deepcopy(report)
    twisted["findings"][0]["cycle"][0]["waits_for"]["address"] = 4096
    yield "an address that is a number", twisted


def main(schema_path, program):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    Validator.check_schema(schema)
    validator = Validator(schema)
    with tempfile.TemporaryDirectory() as directory:
        examples = write_examples(program, directory)
    assert len(examples) == 4, sorted(examples)
    examples["earlier"] = earlier(examples["rich.json"])
    for name, example in examples.items():
        errors = [f"{name}: {error.json_path}: {error.message}" for error in validator.iter_errors(example)]
        assert not errors, "\n".join(errors)
    for what, report in broken(examples["rich.json"]):
        assert not validator.is_valid(report), f"the schema accepts a report {what}"
    print(f"{len(examples)} reports are valid")


main(*sys.argv[1:])
