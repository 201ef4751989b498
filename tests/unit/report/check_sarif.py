"""Checks SARIF that gordian writes: its form against a schema of our own, and what the standard's prose asks beyond
any schema (indices that lead somewhere, base ids that are defined, thread flows that have an end).

Usage: check_sarif.py SUBSET_SCHEMA REPORT_TESTS    (the test program writes the examples)
       check_sarif.py SCHEMA --files FILE...        (any schema, such as the official one, and any files)
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

if getattr(jsonschema, "Draft202012Validator", None) is None:
    print("python3-jsonschema is too old for draft 2020-12")
    sys.exit(77)


def validator_of(schema):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def walk(value):
    """Every object below `value`, itself included."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from walk(each)


def objections(sarif):
    """What no schema can say."""
    for run in sarif["runs"]:
        rules = run["tool"]["driver"]["rules"]
        states = {"baselineState" in result for result in run["results"]}
        if len(states) > 1:
            yield "some results have a baselineState and others have none"
        for result in run["results"]:
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                yield f"ruleIndex {result['ruleIndex']} is not {result['ruleId']}"
            ids = [place["id"] for place in result.get("relatedLocations", [])]
            if len(set(ids)) != len(ids):
                yield "two related locations have one id"
            for code_flow in result.get("codeFlows", []):
                flow_ids = [flow["id"] for flow in code_flow["threadFlows"]]
                if len(set(flow_ids)) != len(flow_ids):
                    yield "two thread flows have one id"
                for flow in code_flow["threadFlows"]:
                    if sum(step["importance"] == "essential" for step in flow["locations"]) == 0:
                        yield "a thread flow has no attempt"
        for each in walk(run["results"]):
            place = each.get("artifactLocation")
            if place is not None and run["artifacts"][place["index"]]["location"] != place:
                yield f"artifact {place['index']} is not {place}"
            address = each.get("address")
            if address is not None and address.get("parentIndex", -1) >= len(run.get("addresses", [])):
                yield f"there is no address {address['parentIndex']}"
        for each in walk(run):
            base = each.get("uriBaseId")
            if base is not None and base not in run.get("originalUriBaseIds", {}):
                yield f"the base {base} is not defined"


def check(name, sarif, validator):
    errors = [f"{name}: {error.json_path}: {error.message[:300]}" for error in validator.iter_errors(sarif)]
    errors += [f"{name}: {objection}" for objection in objections(sarif)]
    assert not errors, "\n".join(errors)


def write_examples(program, directory):
    subprocess.run(
        [program, "--gtest_filter=Sarif.WritesTheExamplesForTheSchemaTest"],
        env={**os.environ, "GORDIAN_EXAMPLES": directory},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return {path.name: json.loads(path.read_text()) for path in pathlib.Path(directory).glob("*.sarif")}


def broken(sarif):
    """Files that are each wrong in one way, so that the checks themselves are checked."""

    def change(what, edit):
        twisted = copy.deepcopy(sarif)
        edit(twisted["runs"][0])
        return what, twisted

    yield change("a wrong ruleIndex", lambda run: run["results"][0].update(ruleIndex=len(run["tool"]["driver"]["rules"]) - 1))
    yield change("an undefined base", lambda run: run.pop("originalUriBaseIds"))
    yield change("a blank in a URI", lambda run: run["artifacts"][0]["location"].update(uri="a b"))
    yield change("a placeholder", lambda run: run["results"][0]["message"].update(text="{0}"))
    yield change("a link", lambda run: run["results"][0]["message"].update(text="[x](1)"))
    yield change("a foreign artifact", lambda run: run["artifacts"].reverse())
    yield change("no results", lambda run: run.pop("results"))


def is_accepted(sarif, validator):
    return validator.is_valid(sarif) and not list(objections(sarif))


def main(schema_path, *rest):
    validator = validator_of(json.loads(pathlib.Path(schema_path).read_text()))
    if rest[0] == "--files":
        for path in rest[1:]:
            check(path, json.loads(pathlib.Path(path).read_text()), validator)
        print(f"{len(rest) - 1} files are valid")
        return
    with tempfile.TemporaryDirectory() as directory:
        examples = write_examples(rest[0], directory)
    assert len(examples) == 5, sorted(examples)
    for name, example in examples.items():
        check(name, example, validator)
    for what, sarif in broken(examples["rich.sarif"]):
        assert not is_accepted(sarif, validator), f"a file with {what} is accepted"
    print(f"{len(examples)} files are valid")


main(*sys.argv[1:])
