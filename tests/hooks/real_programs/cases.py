"""The programs: what each needs, how it is run, and what of its run must be the same.

A case is written once and run twice, in two `Environment`s (compare.py). Its outcome is a dictionary of whatever does not
depend on time, chance or addresses.
"""

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import textwrap
import xml.etree.ElementTree as xml

import servers
from compare import Missing

PYTHON = "/usr/bin/python3"  # Debian's own, which its test suite belongs to


class Case:
    """`script(environment, prepared, long)` gives the outcome; `prepare(directory)` makes what both runs read. One that
    `waits` more than it computes, and starts one program, has both its runs side by side."""

    def __init__(self, script, needs=(), prepare=None, code=0, suppressions="", waits=False):
        self.script, self.needs, self.code, self.suppressions, self.waits = script, needs, code, suppressions, waits
        self.prepare = prepare or (lambda directory: None)

    def run(self, environment, prepared, long):
        return self.script(environment, prepared, long)

    def broken(self, outcome):
        """A case whose bare run does not work says nothing."""
        codes = [value for name, value in outcome.items() if name.split()[0] == "exit"]
        if any(code != self.code for code in codes):
            return [f"bare: {outcome!r:.3000}"]
        return []


def outcome_of(result, name="", stderr=False, normalise=lambda text: text):
    code, output, error = result
    output = normalise(output)
    if len(output) > 4096:
        output = hashlib.sha256(output).hexdigest()
    outcome = {f"exit {name}": code, f"stdout {name}": output}
    if stderr:
        outcome[f"stderr {name}"] = normalise(error.encode())
    return outcome


def commands(*lines, stderr=True, needs=(), **rest):
    """Each line is a command for sh; {input} is the prepared directory."""

    def script(environment, prepared, long):
        outcome = {}
        for number, line in enumerate(lines):
            result = environment.run("sh", "-c", line.replace("{input}", prepared))
            outcome |= outcome_of(result, str(number), stderr)
        return outcome

    return Case(script, needs, **rest)


def prepare_text(directory):
    """Some megabytes that compress, the same every time."""
    chance = random.Random(1)
    words = [bytes(chance.choices(b"abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _ in range(3000)]
    with open(os.path.join(directory, "text"), "wb") as file:
        for _ in range(600_000):
            file.write(chance.choice(words) + b" ")
    subprocess.run(["head", "-c", "1500000", os.path.join(directory, "text")], check=True,
                   stdout=open(os.path.join(directory, "short"), "wb"))


def write(directory, name, text):
    with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
        file.write(textwrap.dedent(text))


def prepare_file(name, text):
    return lambda directory: write(directory, name, text)


# --- Python ---------------------------------------------------------------------------------------------------------


def python_tests(*modules, match=(), patience=60):
    """Modules of Debian's libpython3.11-testsuite; the outcome is every test's own."""

    def script(environment, prepared, long):
        if subprocess.run([PYTHON, "-c", "import test.test_thread"], capture_output=True, check=False).returncode != 0:
            raise Missing("libpython3-testsuite is not installed")
        results = os.path.join(environment.directory, "results.xml")
        chosen = [] if long else [word for pattern in match for word in ("-m", pattern)]
        code, _, error = environment.run(PYTHON, "-m", "test", "--junit-xml", results, *chosen, *modules,
                                         bound=10 * patience if long else patience)
        outcome = {"exit": code, "died": "Fatal Python error" in error}
        if os.path.exists(results):
            for test in xml.parse(results).iter("testcase"):
                outcome[test.get("name")] = sorted(child.tag for child in test if not child.tag.startswith("system"))
        return outcome

    return Case(script, [PYTHON], waits=True)


# --- servers --------------------------------------------------------------------------------------------------------


def memcached(environment, prepared, long):
    port = servers.free_port()
    with environment.start(["memcached", "-u", "root", "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-t", "4", "-m", "16"]) as run:
        load = servers.memcached_load(port, rounds=4000 if long else 300)
        terminate(environment, run)
        return {"exit": run.wait(20), "load": load}


def memcached_daemon(environment, prepared, long):
    """-d: it forks, the parent ends, the child leaves its terminal and starts its threads."""
    port = servers.free_port()
    pid_file = os.path.join(environment.directory, "pid")
    with environment.start(["memcached", "-d", "-P", pid_file, "-u", "root", "-l", "127.0.0.1", "-p", str(port), "-U", "0"]) as run:
        load = servers.memcached_load(port, clients=2, rounds=100)
        with open(pid_file, encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGTERM)
        return {"exit": run.wait(20), "load": load}


def terminate(environment, run):
    """The program itself, not the launcher, which would pass it on, too."""
    target = run.process.pid
    with open(f"/proc/{target}/task/{target}/children", encoding="ascii") as file:
        children = file.read().split()
    os.kill(int(children[0]) if environment.gordian and children else target, signal.SIGTERM)


def redis(environment, prepared, long):
    port = str(servers.free_port())
    requests = "100000" if long else "3000"
    with environment.start(["redis-server", "--port", port, "--bind", "127.0.0.1", "--io-threads", "2", "--save", "",
                            "--appendonly", "no", "--daemonize", "no", "--dir", environment.directory]) as run:
        servers.connect(int(port)).close()
        code, _, _ = environment.run("redis-benchmark", "-p", port, "-n", requests, "-c", "16", "--threads", "2", "-q", "-t", "set,get,lpush,incr")
        counter = subprocess.run(["redis-cli", "-p", port, "get", "counter:__rand_int__"], capture_output=True, check=False).stdout
        background = subprocess.run(["redis-cli", "-p", port, "bgsave"], capture_output=True, check=False).stdout
        subprocess.run(["redis-cli", "-p", port, "shutdown", "nosave"], capture_output=True, check=False)
        return {"exit": run.wait(20), "exit benchmark": code, "counter": counter, "bgsave": background}


def downloads(program, *options):
    def script(environment, prepared, long):
        with servers.file_server(prepared) as port:
            return outcome_of(environment.run(program, *options, *(f"http://127.0.0.1:{port}/text?{n}" for n in range(3))))

    return Case(script, [program], prepare_text)


# --- the rest -------------------------------------------------------------------------------------------------------


def git(environment, prepared, long):
    repository = os.path.join(environment.directory, "repository")
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a", "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z",
                "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a", "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"}
    shutil.copytree(prepared, repository)
    outcome = {}
    for number, words in enumerate((["init", "-q"], ["add", "."], ["commit", "-qm", "all"], ["rev-parse", "HEAD"],
                                    ["grep", "--threads=2", "-c", "1[05]"], ["repack", "-adq", "--threads=2"], ["fsck", "--strict"])):
        outcome |= outcome_of(environment.run("git", "-C", repository, *words, environment=identity), str(number))
    return outcome


def prepare_many_files(directory):
    for number in range(200):
        write(directory, f"file{number}", "".join(f"line {i * number}\n" for i in range(100)))


STRESSORS = ("pthread", "mutex", "sem", "sem-sysv", "fork", "vfork", "switch", "futex", "clone", "daemon", "spawn", "sigq", "seccomp", "malloc")


def stress(environment, prepared, long):
    outcome = {}
    for stressor in STRESSORS:
        words = ["stress-ng", "--quiet", "--no-rand-seed", f"--{stressor}", "2" if long else "1", "--timeout", "20" if long else "1"]
        if not long:
            # Too few, and its first thread is done before a second is made, which it takes for a lack of resources.
            words += [f"--{stressor}-ops", "30000" if stressor == "mutex" else "400"]
        outcome |= outcome_of(environment.run(*words), stressor)
    return outcome


def compiled_first(name, compiler, *options):
    """The program is built once, outside; what runs twice is what was built."""

    def prepare(directory):
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
        built = subprocess.run([compiler, *options, "-o", os.path.join(directory, "program"), source], capture_output=True, check=False)
        if built.returncode != 0:
            raise Missing(f"{compiler} {' '.join(options)} does not build here: {built.stderr.decode()[-300:]}")

    return prepare


def built(name, compiler, *options, code=0, stderr=False):
    def script(environment, prepared, long):
        return outcome_of(environment.run(os.path.join(prepared, "program")), stderr=stderr)

    return Case(script, [compiler], compiled_first(name, compiler, *options), code=code)


def without_us(output):
    """An environment as a program prints it: children are followed, so ours is in it."""
    kept = [line for line in output.splitlines() if not re.match(rb"(LD_PRELOAD|GORDIAN_OPTIONS)=", line)]
    return b"\n".join(kept)


def empty_environment(environment, prepared, long):
    return outcome_of(environment.run("env", "-i", "A=b", "/usr/bin/env"), normalise=without_us)


def other_interposers(environment, prepared, long):
    outcome = outcome_of(environment.run("stdbuf", "-oL", "sh", "-c", "seq 100 | stdbuf -o0 tail -3"), "stdbuf")
    allocator = "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"
    if os.path.exists(allocator):
        preload = {"LD_PRELOAD": allocator}
        outcome |= outcome_of(environment.run("pigz", "-p3", "-c", os.path.join(prepared, "short"), environment=preload), "jemalloc")
        outcome |= outcome_of(environment.run(PYTHON, "-c", "import threading\nfor i in range(9):\n t = threading.Thread(target=print, args=(i,)); t.start(); t.join()",
                                              environment=preload), "jemalloc python")
    return outcome


def limits(environment, prepared, long):
    """Where there is no room for the record the program runs unwatched, as if bare; standard error says so."""
    text = os.path.join(prepared, "short")
    outcome = {}
    for option in ("--as=200000000", "--as=4000000000", "--fsize=8192", "--nofile=10", "--stack=131072", "--core=0"):
        outcome |= outcome_of(environment.run("sh", "-c", f"prlimit {option} pigz -p2 -c {text} | md5sum"), option)
    return outcome


def threads_in_perl(directory):
    write(directory, "threads.pl", """
        use strict; use threads; use threads::shared;
        my $sum :shared = 0;
        my @all = map { my $n = $_; threads->create(sub { for my $i (1..200) { lock($sum); $sum += $n; } }) } 1..4;
        $_->join for @all;
        print "$sum\\n";
        my $child = fork; if (!$child) { exit 3 } waitpid($child, 0); print $? >> 8, "\\n";
        """)


def worker_threads(directory):
    write(directory, "workers.js", """
        const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
        if (isMainThread) {
          let ended = 0, sum = 0;
          for (let i = 0; i < 3; i++) {
            const worker = new Worker(__filename, { workerData: i });
            worker.on('message', value => { sum += value; });
            worker.on('exit', () => { if (++ended == 3) console.log(sum); });
          }
        } else {
          let total = workerData;
          for (let i = 0; i < 1e5; i++) total += i % 7;
          parentPort.postMessage(total);
        }
        """)


def java_pool(directory):
    write(directory, "Pool.java", """
        import java.util.*; import java.util.concurrent.*;
        public class Pool {
          public static void main(String[] arguments) throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(4);
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) { final int n = i; all.add(pool.submit(() -> { synchronized (Pool.class) { return n * n; } })); }
            long sum = 0; for (Future<Integer> each : all) sum += each.get();
            pool.shutdown(); System.gc(); System.out.println(sum);
          }
        }
        """)


def sorted_by_threads(directory):
    write(directory, "sort.sql", """
        PRAGMA threads=3;
        CREATE TABLE t(a INTEGER, b TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
          INSERT INTO t SELECT (i * 7919) % 60013, printf('%08d', (i * 104729) % 60013) FROM n;
        CREATE INDEX by_b ON t(b, a);
        SELECT count(*), min(b), max(a) FROM t;
        SELECT a, b FROM t ORDER BY b DESC LIMIT 5;
        PRAGMA integrity_check;
        """)
    write(directory, "threads.py", """
        import sqlite3, sys, threading
        path = sys.argv[1]
        with sqlite3.connect(path) as one: one.execute('create table t(n)')
        def work(n):
            with sqlite3.connect(path, timeout=60) as connection:
                for i in range(40):
                    connection.execute('insert into t values (?)', (n,)); connection.commit()
        all = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        [t.start() for t in all]; [t.join() for t in all]
        print(sqlite3.connect(path).execute('select n, count(*) from t group by n').fetchall())
        """)


def sqlite(environment, prepared, long):
    database = os.path.join(environment.directory, "shell.db")
    outcome = outcome_of(environment.run("sh", "-c", f"sqlite3 {database} < {prepared}/sort.sql"), "shell", True)
    return outcome | outcome_of(environment.run(PYTHON, f"{prepared}/threads.py", os.path.join(environment.directory, "python.db")), "threads", True)


def small_project(directory):
    write(directory, "CMakeLists.txt", """
        cmake_minimum_required(VERSION 3.20)
        project(small C CXX)
        find_package(Threads REQUIRED)
        add_executable(small a.cpp b.c)
        target_link_libraries(small Threads::Threads)
        """)
    write(directory, "a.cpp", """
        #include <iostream>
        #include <thread>
        extern "C" int b(int);
        int main() { int n = 0; std::thread([&] { n = b(20); }).join(); std::cout << n << "\\n"; }
        """)
    write(directory, "b.c", "int b(int n) { return n + 1; }\n")


def building(environment, prepared, long):
    build = os.path.join(environment.directory, "build")
    outcome = {"exit cmake": environment.run("cmake", "-G", "Unix Makefiles", "-S", prepared, "-B", build)[0]}
    outcome |= {"exit make": environment.run("make", "-j2", "-C", build)[0]}
    return outcome | outcome_of(environment.run(os.path.join(build, "small")), "program")


CASES = {
    "python.thread": python_tests("test_thread", "test_threading_local", "test_sched"),
    "python.threading": python_tests("test_threading", match=("test.test_threading.ThreadTests.*", "test.test_threading.*Lock*", "*Condition*", "*Barrier*")),
    "python.queue": python_tests("test_queue", match=("*CQueueTest*", "*SimpleQueue*", "*CPriority*")),
    "python.fork": python_tests("test_fork1", "test_subprocess", match=("test.test_fork1.*", "*preexec*", "*communicate_BrokenPipe*", "*vfork*")),
    "python.signals": python_tests("test_threadsignals", "test_signal", match=("test.test_threadsignals.*", "*Wakeup*", "*PendingSignals*")),
    "python.futures": python_tests("test_concurrent_futures", match=("*ThreadPoolExecutorTest*", "*ThreadPoolShutdownTest.test_threads_terminate", "*ProcessPoolForkProcessPoolExecutorTest.test_map")),
    "pigz": commands("pigz -p4 -c {input}/text", "pigz -p2 -c {input}/text | unpigz -p2 -c", "unpigz -c {input}/short; true", needs=["pigz"], prepare=prepare_text, stderr=False),
    "xz": commands("xz -T2 -1 --block-size=500KiB -c {input}/short", "xz -T2 -1 --block-size=500KiB -c {input}/short | xz -T2 -dc", needs=["xz"], prepare=prepare_text),
    "zstd": commands("zstd -q -T2 -c {input}/text", "zstd -q -T2 -c {input}/text | zstd -dc", needs=["zstd"], prepare=prepare_text),
    "sqlite3": Case(sqlite, ["sqlite3", PYTHON], sorted_by_threads),
    "memcached": Case(memcached, ["memcached"]),
    "memcached.daemon": Case(memcached_daemon, ["memcached"]),
    "redis": Case(redis, ["redis-server", "redis-benchmark", "redis-cli"]),
    "git": Case(git, ["git"], prepare_many_files),
    "stress-ng": Case(stress, ["stress-ng"]),
    "bash": commands("bash -c 'seq 1 1000 | sort -r | head -5 | tee /dev/null | wc -l; (exit 7); echo $?; for i in 1 2 3; do echo $i; done & wait; coproc cat; echo hello >&${COPROC[1]}; read -u ${COPROC[0]} x; echo $x; cat <(echo one) <(echo two)'", needs=["bash"]),
    "dash": commands("seq 1 1000 | sort -r | head -5 | wc -l; (exit 7); echo $?; (sleep 0.1; echo later) & wait; trap 'echo trapped' USR1; kill -USR1 $$; sh -c 'kill -9 $$'; echo $?", stderr=False),
    "xargs": commands("find {input} -type f -print0 | xargs -0 -P2 -n7 wc -c | grep -v total | sort", needs=["xargs", "find"], prepare=prepare_many_files),
    "env": Case(empty_environment, ["env"]),
    "perl": commands("perl {input}/threads.pl", needs=["perl"], prepare=threads_in_perl),
    "node": commands("node {input}/workers.js", needs=["node"], prepare=worker_threads),
    "java": commands("java -version 2>&1 | wc -l", "cd {input} && java Pool.java", needs=["java"], prepare=java_pool, stderr=False,
                     suppressions="lock-held-at-exit:module=libjvm.so keeps its lock when the machine ends, so that no thread goes on\n"),
    "rust": built("contention.rs", "rustc", "-O"),
    "gdb": commands("gdb -nx -batch -ex 'break main' -ex run -ex 'info threads' -ex continue --args sort /dev/null 2>&1 | grep -c exited", needs=["gdb"]),
    "valgrind": commands("valgrind -q --error-exitcode=9 sort /dev/null", needs=["valgrind"], stderr=False),
    "curl": downloads("curl", "-s", "--parallel"),
    "wget": downloads("wget", "-q", "-O", "-"),
    "building": Case(building, ["cmake", "make", "g++"], small_project),
    "interposers": Case(other_interposers, ["stdbuf", "pigz"], prepare_text),
    "limits": Case(limits, ["prlimit", "pigz"], prepare_text),
    "sanitizer.thread": built("contention.c", "gcc", "-g", "-fsanitize=thread", "-pthread", stderr=True),
    "sanitizer.address": built("contention.c", "gcc", "-g", "-fsanitize=address", "-pthread", stderr=True),
    "sanitizer.address.clang": built("contention.c", "clang", "-g", "-fsanitize=address", "-pthread", stderr=True),
    "sanitizer.address.finding": built("use_after_free.c", "gcc", "-g", "-fsanitize=address", code=1),
}
