"""Reports for the tests of the page: of 2, 12 and 300 threads, with hostile names, with more lock orders than can be drawn.

Their frames name a source file that is written beside them, so that the page can show its lines.
"""

import json
import os

SOURCE = "".join(f"int line_{number}(int value);  // line {number} of the source\n" for number in range(1, 100))


class Reports:
    def __init__(self, directory):
        self.directory = directory
        self.source = os.path.join(directory, "bank.cpp")
        with open(self.source, "w", encoding="utf-8") as file:
            file.write(SOURCE)

    def write(self, name, report):
        path = os.path.join(self.directory, name + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(report, file)
        return path

    def frame(self, function, line, file=None):
        return {"address": "0x401000", "module": "/opt/bank/bank", "module_offset": "0x1000", "function": function, "file": file or self.source,
                "line": line, "column": 3, "inlined": False, "language": ""}

    def stack(self, function, line):
        return [self.frame("std::mutex::lock()", 100, "/usr/include/c++/12/bits/std_mutex.h"),
                self.frame("std::lock_guard<std::mutex>::lock_guard(std::mutex&)", 229, "/usr/include/c++/12/bits/std_mutex.h"),
                self.frame(function, line), self.frame("main", 90)]


def lock(number, name=None, kind="mutex"):
    name = name or f"accounts[{number}].lock"
    return {"name": name, "kind": kind, "address": hex(0x7F0000001000 + 64 * number), "stable": name, "module": "", "module_offset": "0x0"}


def thread(number, name=None):
    return {"name": name or f"worker-{number}", "tid": 1000 + number, "pid": 1000, "started_at": "work()"}


class Process:
    """Threads that hold and wait, by number; who holds what is looked up when the report is made."""

    def __init__(self, reports):
        self.reports = reports
        self.names, self.locks, self.holds, self.waits = {}, {}, {}, {}

    def add(self, number, holds=(), waits=None, name=None):
        self.names[number] = thread(number, name)
        self.holds[number] = list(holds)
        self.waits[number] = waits

    def lock(self, number):
        return self.locks.get(number) or lock(number)

    def acquisitions(self, number):
        return [{"resource": self.lock(each), "mode": "exclusive", "acquired_at": self.reports.stack("transfer(int, int)", 20 + each % 50)}
                for each in self.holds[number]]

    def step(self, number, members=()):
        wanted = self.waits[number]
        holder = next((each for each, held in self.holds.items() if wanted in held), None)
        text = "" if holder is None else f"\"{self.names[holder]['name']}\" (tid {1000 + holder})"
        return {"thread": self.names[number], "waits_for": self.lock(wanted), "wait_mode": "exclusive", "held_by": text,
                "held_by_step": members.index(holder) if holder in members else None, "link": "owner", "since_ms": 61500 + number,
                "waiting_at": self.reports.stack("transfer(int, int)", 30 + number % 50), "holds": self.acquisitions(number)}

    def finding(self, members, rule="deadlock", grade="proven", **more):
        cycle = [self.step(each, members) for each in members]
        for step in cycle:
            if rule == "lock-order-inversion":
                step.update(link="order", since_ms=0)
        names = ", ".join(self.names[each]["name"] for each in members)
        condition = {"holds": True, "evidence": f"It holds for {names}."}
        finding = {
            "rule": rule, "grade": grade, "grade_reason": "", "fingerprint": f"{hash(names) & 0xFFFFFFFF:08x}", "summary": f"{len(members)} threads wait for each other: {names}.",
            "conditions": {each: dict(condition) for each in ("mutual_exclusion", "hold_and_wait", "no_preemption", "circular_wait")},
            "cycle": cycle, "schedule": [], "fix": "Take the locks in the same order on every path.", "suppressed": False, "suppression": "",
            "baseline": "new", "pid": 1000, "occurrences": 1, "also_in": [], "confirmation": None, "members_not_shown": 0, "waiting_behind": 0}
        finding.update(more)
        return finding

    def report(self, findings, orders=(), unseen=(), with_threads=True):
        report = {"schema": "gordian-report/1", "tool": {"name": "gordian", "version": "0"},
                  "program": {"path": "/opt/bank/bank", "arguments": ["./bank", "1000"], "pid": 1000, "build_id": "abcd", "started": "2026-01-02T03:04:05Z"},
                  "findings": findings, "unseen": list(unseen), "other_programs": [], "lock_order": {"edges": list(orders), "edges_not_shown": 0}}
        if with_threads:
            report["running"] = True
            report["threads"] = [
                {"thread": self.names[each], "state": "running" if self.waits[each] is None else "waiting",
                 "wait": None if self.waits[each] is None else self.step(each), "holds": self.acquisitions(each)} for each in self.names]
        return report

    def order(self, first, second, guards=()):
        return {"from": self.lock(first), "to": self.lock(second), "from_mode": "exclusive", "to_mode": "exclusive",
                "acquired_at": self.reports.stack("transfer(int, int)", 40), "attempted_at": self.reports.stack("transfer(int, int)", 41),
                "guards": list(guards), "threads": ["worker-1"], "contexts": 1}


UNSEEN = {"what": "raw futex waits", "count": 3, "why": "their holder cannot be known", "consequence": "a deadlock through them is not told"}


def two(reports):
    """A deadlock, and one finding of each of three other grades; without the threads, as `gordian run` writes it."""
    process = Process(reports)
    process.add(1, [1], 2, "alice")
    process.add(2, [2], 1, "bob")
    possible = process.finding([1, 2], "lock-order-inversion", "possible", fingerprint="0123456789abcdef", summary="accounts[1].lock and accounts[2].lock are taken in conflicting orders.",
                               schedule=["\"alice\" takes accounts[1].lock", "\"bob\" takes accounts[2].lock"],
                               confirmation={"outcome": "not reached", "tries": 20, "arrived": 1, "participants": 2, "seed": 7, "explanation": "the other could not come"})
    unlikely = process.finding([1, 2], "lock-order-inversion", "unlikely", summary="The same, under a guard.", grade_reason="guard registry_lock is held on both sides")
    unlikely["conditions"]["circular_wait"] = {"holds": False, "evidence": "registry_lock admits one of them at a time."}
    misuse = process.finding([1], "unlock-not-owner", "proven", summary="\"alice\" unlocks accounts[2].lock, which \"bob\" holds.", conditions=None,
                             suppressed=True, suppression="handed over on purpose")
    return process.report([process.finding([1, 2]), possible, unlikely, misuse], [process.order(1, 2), process.order(2, 1, ["registry_lock"]), process.order(2, 3)],
                          [UNSEEN], with_threads=False)


def twelve(reports):
    """Five philosophers in a ring, three that wait behind them, one that reads, three that idle."""
    process = Process(reports)
    for number in range(1, 6):
        process.add(number, [number], number % 5 + 1, f"philosopher-{number}")
    for number in range(6, 9):
        process.add(number, [], 1, f"guest-{number}")
    process.add(9, [9], None, "reader")
    for number in range(10, 13):
        process.add(number, [], None, f"idle-{number}")
    return process.report([process.finding([1, 2, 3, 4, 5], waiting_behind=3)], [process.order(each, each % 5 + 1) for each in range(1, 6)], [UNSEEN])


def many(reports, count=300):
    """Two rings of two, a chain, one lock that 120 threads want, and the rest idle."""
    process = Process(reports)
    process.add(1, [1], 2, "alice")
    process.add(2, [2], 1, "bob")
    process.add(3, [3], 4, "carol")
    process.add(4, [4], 3, "dave")
    process.add(5, [5], 1, "dispatcher")
    for number in range(6, 126):
        process.add(number, [], 5)
    for number in range(126, 150):
        process.add(number, [number], number + 1)
    process.add(150, [150], 5)
    for number in range(151, count + 1):
        process.add(number)
    process.locks[5] = lock(5, "dispatch_queue.lock")
    return process.report([process.finding([1, 2], waiting_behind=122), process.finding([3, 4])],
                          [process.order(each, each + 1) for each in range(126, 150)] + [process.order(1, 2), process.order(2, 1)])


def crowded(reports, count=250):
    """Every thread in a ring of two, and more lock orders than a picture can have."""
    process = Process(reports)
    for number in range(1, count + 1, 2):
        process.add(number, [number], number + 1)
        process.add(number + 1, [number + 1], number)
    orders = [process.order(each, each + step) for each in range(1, count - 9) for step in (1, 3, 9)]
    return process.report([process.finding([each, each + 1]) for each in range(1, count, 2)], orders)


HOSTILE = [
    "</script><script>document.title='hurt'</script>", "<img src=x onerror=document.title='hurt'>", "\" onmouseover=\"document.title='hurt'\" x=\"",
    "' autofocus onfocus='document.title=1", "&lt;b&gt; & &amp; \\N \\G \\\\ \\\"", "\u202egnirts esrever\u202c", "nul\u0000nul\u001b[2J", "<!-- <style>*{display:none}</style>",
    "]]></svg><svg onload=document.title='hurt'>", "long" * 2500, "שלום עולם", "\u2028\u2029javascript:alert(1)", "\"]; x -> y [URL=\"javascript:alert(1)\"",
]


def hostile(reports):
    process = Process(reports)
    count = len(HOSTILE)
    for number, name in enumerate(HOSTILE):
        process.locks[number] = lock(number, name + f" {number}")
        process.add(number, [number], (number + 1) % count, name)
    finding = process.finding(list(range(count)), summary=" ".join(HOSTILE), fix=HOSTILE[0] + HOSTILE[9], fingerprint=HOSTILE[2], grade_reason=HOSTILE[1],
                              schedule=list(HOSTILE))
    for name, step in zip(HOSTILE, finding["cycle"]):
        step["waiting_at"] = [reports.frame(name, 3), reports.frame("f", 1, name), {**reports.frame(name, 0, ""), "module": name, "language": name}]
        step["thread"]["started_at"] = name
    finding["conditions"]["mutual_exclusion"]["evidence"] = HOSTILE[7] + HOSTILE[9]
    orders = [process.order(each, (each + 1) % count, [HOSTILE[each]]) for each in range(count)]
    report = process.report([finding], orders, [{**UNSEEN, "what": HOSTILE[0], "why": HOSTILE[9]}])
    report["program"].update(path=HOSTILE[1], arguments=["x", HOSTILE[9]], started=HOSTILE[0])
    report["threads"][0]["state"] = HOSTILE[1]
    return report


ALL = {"two": two, "twelve": twelve, "many": many, "crowded": crowded, "hostile": hostile}
