"""What the command-line tests share: cases that are functions, bounded runs, a /dev/shm of their own.

A case is a function `case_<name>(tools)` that raises Wrong with a sentence, or Skip. A script calls `main(globals())`:

    script.py --tools DIRECTORY --programs DIRECTORY [--except] [NAME...]

runs the named cases, or all, or all but those that are named. It exits with 1 when one failed, and with 77 when none failed and one was skipped, so
that a skip shows.

The test gets a mount namespace with an empty /dev/shm where it may: what others do there meanwhile is then neither seen
nor disturbed.
"""

import argparse
import contextlib
import ctypes
import glob
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "hooks"))
import run_program  # noqa: E402  (its helpers: the reaper, reading a report)

BOUND = 20.0
SHARED_MEMORY = "/dev/shm"
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_RDONLY, MS_REC, MS_PRIVATE = 1, 0x4000, 1 << 18


class Wrong(Exception):
    pass


class Skip(Exception):
    pass


def expect(condition, sentence):
    if not condition:
        raise Wrong(sentence)


def system_call(name, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


def mount(kind, target, flags, data):
    system_call("mount", kind.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode())


@contextlib.contextmanager
def mounted(target, data, flags=0):
    """A tmpfs over `target`. Only in our own namespace."""
    mount("tmpfs", target, flags, data)
    try:
        yield
    finally:
        system_call("umount2", target.encode(), 2)  # MNT_DETACH


def enter_own_namespace():
    """Whether it could be had."""
    user, group = os.getuid(), os.getgid()
    try:
        if user == 0:
            system_call("unshare", CLONE_NEWNS)
        else:
            system_call("unshare", CLONE_NEWNS | CLONE_NEWUSER)
            for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
                with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                    file.write(text)
        mount("none", "/", MS_REC | MS_PRIVATE, "")
        mount("tmpfs", SHARED_MEMORY, 0, "size=1g,mode=1777")
        return True
    except OSError as error:
        print(f"no namespace of our own ({error})")
        return False


class Tools:
    """Where everything is, and how it is run."""

    def __init__(self, options, has_namespace, scratch):
        self.gordian = os.path.join(os.path.abspath(options.tools), "gordian")
        self.hooks = os.path.join(os.path.abspath(options.tools), "libgordian-hooks.so")
        self.programs = os.path.abspath(options.programs)
        self.has_namespace = has_namespace
        self.scratch = scratch

    def program(self, name):
        return os.path.join(self.programs, name)

    def need_namespace(self):
        if not self.has_namespace:
            raise Skip("needs a mount namespace of its own")

    def path(self, name):
        return os.path.join(self.scratch, name)

    def write(self, name, content=b"", mode=0o644):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, mode)
        return path

    def run(self, *arguments, **more):
        return run([self.gordian, *arguments], **more)

    def run_preloaded(self, *command, options="", **more):
        environment = {"LD_PRELOAD": self.hooks}
        if options:
            environment["GORDIAN_OPTIONS"] = options
        return run(list(command), environment=environment, **more)


def environment_with(changes):
    """The test's own, without what would steer gordian; a value of None takes the name out."""
    result = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "GORDIAN_OPTIONS", "NO_COLOR")}
    for name, value in (changes or {}).items():
        result.pop(name, None)
        if value is not None:
            result[name] = value
    return result


class Done:
    def __init__(self, code, output, error):
        self.code, self.output, self.error = code, output, error

    def __str__(self):
        return f"exit code {self.code}, output {self.output!r}, error {self.error!r}"


@contextlib.contextmanager
def started(command, environment=None, **more):
    """A process in a group of its own, with pipes for all three streams; whatever is left of it is killed."""
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    streams.update(more)
    process = subprocess.Popen(command, env=environment_with(environment), start_new_session=True, **streams)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def run(command, environment=None, given=b"", bound=BOUND, **more):
    with started(command, environment, **more) as process:
        try:
            output, error = process.communicate(given, timeout=bound)
        except subprocess.TimeoutExpired:
            raise Wrong(f"{' '.join(command)} still runs after {bound:.0f} s") from None
    return Done(process.returncode, (output or b"").decode(errors="replace"), (error or b"").decode(errors="replace"))


def wait_for(what, condition, bound=BOUND):
    """Polls until `condition` gives something true, and returns it."""
    deadline = time.monotonic() + bound
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise Wrong(f"{what}: not within {bound:.0f} s")


def left_in_shared_memory():
    return sorted(glob.glob(SHARED_MEMORY + "/*"))


def clear_shared_memory():
    for path in left_in_shared_memory():
        subprocess.run(["rm", "-rf", "--", path], check=False)


def run_cases(cases, tools):
    failed, skipped = [], []
    for name, case in cases:
        begun = time.monotonic()
        try:
            case(tools)
            if tools.has_namespace and left_in_shared_memory():
                raise Wrong(f"left behind: {left_in_shared_memory()}")
            verdict = "passed"
        except Skip as reason:
            skipped.append(name)
            verdict = f"SKIPPED: {reason}"
        except Wrong as sentence:
            failed.append(name)
            verdict = f"FAILED: {sentence}"
        except Exception:  # pylint: disable=broad-except
            failed.append(name)
            verdict = "FAILED: " + traceback.format_exc()
        run_program.kill_orphans()  # what has left its group
        if tools.has_namespace:
            clear_shared_memory()
        print(f"{time.monotonic() - begun:5.1f} s  {name}: {verdict}", flush=True)
    return failed, skipped


def main(names):
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True, help="directory of gordian and libgordian-hooks.so")
    parser.add_argument("--programs", required=True, help="directory of the test programs")
    parser.add_argument("--except", dest="excluded", action="store_true", help="all but the named cases")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    all_cases = {name.removeprefix("case_"): value for name, value in names.items() if name.startswith("case_")}
    unknown = set(options.cases) - set(all_cases)
    if unknown:
        parser.error(f"there is no case {', '.join(sorted(unknown))}")
    chosen = options.cases or list(all_cases)
    if options.excluded:
        chosen = [name for name in all_cases if name not in options.cases]
    has_namespace = enter_own_namespace()
    run_program.become_reaper()
    with tempfile.TemporaryDirectory(prefix="gordian-test-") as scratch:
        os.chmod(scratch, 0o755)
        tools = Tools(options, has_namespace, scratch)
        failed, skipped = run_cases([(name, all_cases[name]) for name in chosen], tools)
    print(f"{len(chosen)} cases, {len(failed)} failed, {len(skipped)} skipped")
    sys.exit(1 if failed else 77 if skipped else 0)
