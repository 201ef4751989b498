#!/usr/bin/env python3
"""What `gordian check` answers on real source: findings, exit codes, one line for what is wrong. How the cases are run is told in cases.py."""

import json
import os
import subprocess

from cases import Skip, expect, main

CONFLICT = b"""#include <mutex>
#include <thread>
std::mutex left, right;
void one() {
  std::lock_guard<std::mutex> first(left);
  std::lock_guard<std::mutex> second(right);
}
void other() {
  std::lock_guard<std::mutex> first(right);
  std::lock_guard<std::mutex> second(left);
}
int main() {
  std::thread a(one), b(other);
  a.join();
  b.join();
}
"""
CLEAN = CONFLICT.replace(b"first(right)", b"first(left)").replace(b"second(left)", b"second(right)")
BROKEN = b"int main() { return missing; }\n"


def project(tools, name, **files):
    """A directory with the files and their database."""
    directory = tools.path(name)
    os.makedirs(directory, exist_ok=True)
    database = []
    for file, content in files.items():
        path = tools.write(f"{name}/{file}.cpp", content)
        database.append({"directory": directory, "file": path, "arguments": ["c++", "-std=c++20", "-c", path]})
    tools.write(f"{name}/compile_commands.json", json.dumps(database).encode())
    return directory


def check(tools, directory, *options):
    return tools.run("check", "-p", directory, "--no-cache", *options)


def case_a_conflict_is_told_as_a_compiler_would(tools):
    directory = project(tools, "conflict", main=CONFLICT)
    done = check(tools, directory, "--source-root", directory)
    expect(done.code == 1 and not done.error, f"exit code 1 and nothing on standard error: {done}")
    first = done.output.split("\n")[0]
    expect(first.startswith("main.cpp:6:31: warning: possible lock-order-inversion: "), first)
    expect(first.endswith(" [lock-order-inversion]"), first)
    expect("\nmain.cpp:9:31: note: other(): acquired right\n" in done.output, done.output)


def case_clean_source_is_nothing(tools):
    done = check(tools, project(tools, "clean", main=CLEAN))
    expect((done.code, done.output, done.error) == (0, "no findings\n", ""), f"{done}")


def case_a_comment_suppresses(tools):
    reason = b"  // gordian: ignore(lock-order-inversion) main starts them in turn\n  std::lock_guard<std::mutex> second(right)"
    done = check(tools, project(tools, "comment", main=CONFLICT.replace(b"  std::lock_guard<std::mutex> second(right)", reason)))
    expect((done.code, done.output) == (0, "1 finding, all suppressed\n"), f"{done}")


def case_a_broken_file_sinks_nothing(tools):
    done = check(tools, project(tools, "half", main=CONFLICT, broken=BROKEN))
    expect(done.code == 1 and "lock-order-inversion" in done.output, f"{done}")
    expect(done.error.count("\n") == 1 and "broken.cpp was not checked: 1:21: " in done.error, done.error)
    expect("source files that do not parse: 1 time" in done.output, done.output)


def case_nothing_that_parses_is_an_error(tools):
    done = check(tools, project(tools, "broken", main=BROKEN))
    expect(done.code == 2 and not done.output, f"{done}")
    expect("none of 1 source files could be parsed" in done.error, done.error)


def case_the_same_fingerprint_after_an_edit(tools):
    before = check(tools, project(tools, "before", main=CONFLICT), "--format", "json")
    after = check(tools, project(tools, "after", main=b"// a line\n\n" + CONFLICT), "--format", "json")
    prints = [[finding["fingerprint"] for finding in json.loads(done.output)["findings"]] for done in (before, after)]
    expect(prints[0] == prints[1] and len(prints[0]) == 1, f"{prints}")


def case_only_what_changed_is_shown(tools):
    directory = project(tools, "changed", main=CONFLICT)
    git = ["git", "-C", directory, "-c", "user.name=a", "-c", "user.email=a@b"]
    try:
        for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "first"]):
            subprocess.run([*git, *command], check=True, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        raise Skip("git is not installed") from None
    done = check(tools, directory, "--changed-since", "HEAD")
    expect(done.code == 0 and "1 finding is not shown" in done.error, f"{done}")
    tools.write("changed/main.cpp", CONFLICT.replace(b"second(left);", b"second(left);  // still"))
    done = check(tools, directory, "--changed-since", "HEAD")
    expect(done.code == 1 and not done.error, f"{done}")
    done = check(tools, directory, "--changed-since", "no-such-branch")
    expect(done.code == 2 and done.error.startswith("gordian: --changed-since no-such-branch: fatal: "), f"{done}")
    expect(done.error.count("\n") == 1, done.error)


def case_a_rule_can_be_left_out(tools):
    directory = project(tools, "rules", main=CONFLICT)
    expect(check(tools, directory, "--disable", "lock-order-inversion").code == 0, "it was disabled")
    expect(check(tools, directory, "--rule", "double-lock").code == 0, "it was not asked for")
    expect(check(tools, directory, "--rule", "lock-order-inversion").code == 1, "it was asked for")


def case_rules_are_listed_and_explained(tools):
    rules = [line.split()[0] for line in tools.run("check", "--list-rules").output.splitlines()]
    expect("lock-order-inversion" in rules and "deadlock" not in rules, f"{rules}")
    for rule in rules:
        done = tools.run("check", "--explain", rule)
        expect(done.code == 0 and done.output.startswith(f"# {rule}\n"), f"{rule}: {done}")


def case_the_lock_order_is_a_list(tools):
    done = check(tools, project(tools, "order", main=CONFLICT), "--lock-order-graph")
    lines = [line for line in done.output.splitlines() if not line.startswith("#")]
    expect(done.code == 0 and [line.split("  ")[0] for line in lines] == ["left -> right", "right -> left"], f"{done}")


def case_a_database_that_is_not_there(tools):
    done = check(tools, tools.path("nowhere"))
    expect(done.code == 2 and "nowhere: no such file or directory" in done.error, f"{done}")
    os.makedirs(tools.path("empty"))
    done = check(tools, tools.path("empty"))
    expect(done.code == 2 and "holds no compile_commands.json; cmake writes one" in done.error, f"{done}")
    tools.write("garbage.json", b"{")
    done = check(tools, tools.path("garbage.json"))
    expect(done.code == 2 and done.error.count("\n") == 1 and "garbage.json" in done.error, f"{done}")


if __name__ == "__main__":
    main(globals())
