"""Reads a trace (docs/formats/trace.md) and says what of it is not as the format promises.

Written against the document and not with the reader of `gordian predict`, so that the two do not share a mistake.
"""

import collections
import dataclasses
import struct

MAGIC = b"GORDTRC\n"
HEADER = struct.Struct("=8sIIIIIIIIIIQQQQQIIII512s1024sI")
MODULE = struct.Struct("=QQQ20sI208s")
THREAD = struct.Struct("=IIIIQQ16sII")
EVENT = struct.Struct("=QQIIIBBBB")
PAGE = 4096
MODULES_AT = PAGE
THREADS_AT = MODULES_AT + 1024 * MODULE.size
EVENTS_AT = THREADS_AT + 65536 * THREAD.size

ACQUIRE, RELEASE, REQUEST, TRY_FAILED, READ, WRITE, UPDATE, FORK, JOIN, BEGIN, END, WAIT, WAKE, NOTIFY, INIT, DESTROY, RENEW = range(1, 18)
NAMES = ("unfilled", "acquire", "release", "request", "try failed", "read", "write", "update", "fork", "join", "begin",
         "end", "wait", "wake", "notify", "init", "destroy", "renew")
SHARED, TRY, TIMED, IN_WAIT, ALL, TIMED_OUT, ATOMIC, RECURSIVE = (1 << n for n in range(8))
MUTEX, RWLOCK, SPIN, BARRIER, CONDITION, SEMAPHORE, ONCE, THREAD_KIND, STDIO, GUARD, FUTEX = range(1, 12)
LOCKS = (MUTEX, RWLOCK, SPIN, STDIO)
HOLDS_ACCESSES, PROCESS_ENDED = 0x1, 0x2
IS_MAIN, IS_UNKNOWN = 0x1, 0x4


@dataclasses.dataclass
class Event:
    place: int
    operand: int
    site: int
    thread: int
    generation: int
    op: int
    kind: int
    flags: int

    def key(self):
        return self.kind, self.operand, self.generation

    def __str__(self):
        return f"event {self.place} ({NAMES[self.op]} of {self.operand:#x}, flags {self.flags:#x}, thread {self.thread})"


@dataclasses.dataclass
class Trace:
    flags: int
    pid: int
    claimed: int
    capacity: int
    missed: int
    threads_dropped: int
    size: int
    unfilled: int
    program: str
    modules: list
    threads: dict  # serial -> (tid, creator, flags, name)
    events: list

    @property
    def ended(self):
        return self.flags & PROCESS_ENDED != 0


def text(raw):
    return raw.split(b"\0")[0].decode(errors="replace")


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    (magic, version, order, header_size, module_size, thread_size, event_size, flags, _, pid, _, _, _, claimed, capacity, missed,
     module_count, sequence, last_serial, dropped, program, _, _) = HEADER.unpack_from(content)
    if magic != MAGIC or version != 2 or order != 0x01020304:
        raise ValueError(f"{path} is no trace of version 2")
    # The compiler rounds the header up to eight bytes.
    if (header_size, module_size, thread_size, event_size) != ((HEADER.size + 7) // 8 * 8, MODULE.size, THREAD.size, EVENT.size):
        raise ValueError(f"{path}: its structures have other sizes")
    if sequence % 2 != 0:
        raise ValueError(f"{path}: the module table is half written")
    modules = [MODULE.unpack_from(content, MODULES_AT + i * MODULE.size) for i in range(module_count)]
    threads = {}
    for i in range(last_serial):
        serial, tid, creator, thread_flags, _, _, name, *_ = THREAD.unpack_from(content, THREADS_AT + i * THREAD.size)
        if serial == i + 1:
            threads[serial] = (tid, creator, thread_flags, text(name))
    events, unfilled = [], 0
    for i in range(min(claimed, capacity)):
        operand, site, thread, generation, _, op, kind, event_flags, _ = EVENT.unpack_from(content, EVENTS_AT + i * EVENT.size)
        if op == 0:
            unfilled += 1
        else:
            events.append(Event(i, operand, site, thread, generation, op, kind, event_flags))
    return Trace(flags, pid, claimed, capacity, missed, dropped, len(content), unfilled, text(program),
                 [(m[0], m[1], text(m[5])) for m in modules], threads, events)


class Checker:
    """Goes through the events once; `wrong` collects sentences."""

    def __init__(self, trace):
        self.trace = trace
        self.wrong = []
        self.holders = collections.defaultdict(dict)  # lock -> {thread: [is shared, depth]}
        self.requests = collections.defaultdict(list)  # thread -> locks that it asked for
        self.begun, self.ended, self.forked = set(), set(), set()
        self.last = {}  # thread -> its last event
        self.waits = collections.defaultdict(list)  # thread -> what it waits for
        self.notified = collections.Counter()
        self.wait_mutexes = {}  # thread -> the mutex that its condition wait gave back

    def complain(self, event, what):
        if len(self.wrong) < 20:
            self.wrong.append(f"{event}: {what}")

    def check(self):
        steps = {ACQUIRE: self.acquire, RELEASE: self.release, REQUEST: self.request, TRY_FAILED: self.try_failed,
                 FORK: self.fork, JOIN: self.join, BEGIN: self.begin, END: self.end, WAIT: self.wait, WAKE: self.wake,
                 NOTIFY: self.notify, INIT: self.no_more, DESTROY: self.no_more,
                 READ: self.access, WRITE: self.access, UPDATE: self.access, RENEW: self.access}
        for event in self.trace.events:
            if event.op not in steps:
                self.complain(event, "it is none that this runtime writes")
                continue
            if event.op != BEGIN and (event.thread not in self.begun or event.thread in self.ended):
                self.complain(event, "its thread has not begun, or has ended")
            steps[event.op](event)
            self.last[event.thread] = event
        self.check_whole()
        return self.wrong

    def access(self, event):
        if not self.trace.flags & HOLDS_ACCESSES:
            self.complain(event, "the trace does not promise to hold accesses")

    def check_whole(self):
        trace = self.trace
        if trace.ended and trace.unfilled:
            self.wrong.append(f"{trace.unfilled} slots are not filled, and the process ended normally")
        if trace.missed:
            self.wrong.append(f"{trace.missed} events were missed")
        for serial in self.begun:
            if serial not in trace.threads:
                self.wrong.append(f"thread {serial} has no row")
        sites = {event.site for event in trace.events if event.site}
        lost = [site for site in sites if not any(start <= site < end for start, end, _ in trace.modules)]
        if lost:
            self.wrong.append(f"{len(lost)} of {len(sites)} sites are in no module, such as {lost[0]:#x}")

    # --- threads

    def fork(self, event):
        self.forked.add(event.operand)

    def begin(self, event):
        flags = self.trace.threads.get(event.thread, (0, 0, 0, ""))[2]
        if event.thread not in self.forked and not flags & (IS_MAIN | IS_UNKNOWN):
            self.complain(event, "nobody created it")
        if event.thread in self.begun:
            self.complain(event, "it has begun before")
        self.begun.add(event.thread)

    def end(self, event):
        self.ended.add(event.thread)

    def join(self, event):
        if event.operand not in self.ended:
            self.complain(event, "the joined thread has not ended")

    # --- locks

    def request(self, event):
        if event.kind not in LOCKS:
            self.complain(event, "only locks are requested")
        if event.flags & TRY:
            self.complain(event, "a try is no request")
        self.requests[event.thread].append(event.key())

    def acquire(self, event):
        if event.kind not in LOCKS:
            self.complain(event, "only locks are acquired")
        if event.flags & IN_WAIT:
            last = self.last[event.thread]
            if last.op != WAKE or last.kind != CONDITION or self.wait_mutexes.pop(event.thread, None) != event.key():
                self.complain(event, "it is not the end of a condition wait that gave this mutex back")
        elif not event.flags & TRY:
            self.answer_request(event)
        holders = self.holders[event.key()]
        is_shared = bool(event.flags & SHARED)
        own = holders.get(event.thread)
        others = [thread for thread in holders if thread != event.thread]
        if others and not (is_shared and all(holders[thread][0] for thread in others)):
            self.complain(event, f"threads {others} have it")
        if bool(event.flags & RECURSIVE) != (own is not None):
            self.complain(event, "the recursive flag does not tell whether the thread has it already")
        if own is None:
            holders[event.thread] = [is_shared, 1]
        else:
            own[1] += 1

    def answer_request(self, event):
        """The youngest request is the one that is answered: signal handlers ask in between."""
        requests = self.requests[event.thread]
        if event.key() not in requests:
            self.complain(event, "the thread did not ask for it")
        while requests and requests.pop() != event.key():
            pass

    def release(self, event):
        holders = self.holders[event.key()]
        own = holders.get(event.thread)
        if own is None:
            self.complain(event, "the thread does not have it")
            return
        if bool(event.flags & SHARED) != own[0]:
            self.complain(event, "it was taken for the other side")
        own[1] -= 1
        if own[1] == 0:
            del holders[event.thread]
        if event.flags & IN_WAIT:
            self.wait_mutexes[event.thread] = event.key()

    def try_failed(self, event):
        if not event.flags & (TRY | TIMED):
            self.complain(event, "neither a try nor timed")
        if event.key() in self.requests[event.thread] and not event.flags & TRY:
            self.answer_request(event)

    # --- everything else

    def wait(self, event):
        if event.kind in LOCKS:
            self.complain(event, "locks are requested")
        self.waits[event.thread].append(event.key())

    def wake(self, event):
        waits = self.waits[event.thread]
        found_done = event.kind in (0, ONCE, GUARD) and event.key() not in waits
        if event.key() in waits:
            waits.remove(event.key())
        elif not found_done and not event.flags & TRY:
            self.complain(event, "the thread did not wait")
        needs_notify = event.kind in (CONDITION, ONCE, GUARD, BARRIER) and not event.flags & TIMED_OUT
        if needs_notify and not self.notified[event.key()]:
            self.complain(event, "nobody let it go")

    def notify(self, event):
        if event.kind in LOCKS:
            self.complain(event, "locks are released")
        self.notified[event.key()] += 1

    def no_more(self, event):
        pass


def check(trace):
    return Checker(trace).check()
