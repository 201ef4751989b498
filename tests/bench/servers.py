"""What watching costs real servers under load: throughput, bare and watched by turns. Servers and load generators that are not
installed are passed over and named (memcached and libmemcached-tools; mariadb-server and sysbench)."""

import contextlib
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

READY = 30.0  # seconds for a server to answer


class Memcached:
    name = "memcached, 4 threads"
    needs = ("memcached", "memcslap")
    port = 21311

    def __init__(self, directory, quick):
        self.operations = 2000 if quick else 10000

    def command(self):
        user = ["-u", "root"] if os.geteuid() == 0 else []
        return ["memcached", "-p", str(self.port), "-l", "127.0.0.1", "-t", "4", "-m", "256", *user]

    def answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def warm(self):
        self.throughput()

    def throughput(self):
        """Operations a second, half of them writes."""
        started = time.monotonic()
        for test in ("set", "get"):
            subprocess.run(["memcslap", f"--servers=127.0.0.1:{self.port}", "--concurrency=16", f"--execute-number={self.operations}",
                            f"--test={test}"], check=True, capture_output=True, timeout=300)
        return 32 * self.operations / (time.monotonic() - started)


class MariaDb:
    name = "mariadb, oltp_read_write"
    needs = ("mariadbd", "mariadb-install-db", "mariadb", "sysbench")

    def __init__(self, directory, quick):
        self.data, self.socket = os.path.join(directory, "data"), os.path.join(directory, "socket")
        self.seconds = 2 if quick else 5
        subprocess.run(["mariadb-install-db", "--auth-root-authentication-method=normal", f"--datadir={self.data}"], check=True,
                       capture_output=True, timeout=120)
        with serving(self, None):
            subprocess.run(["mariadb", "-S", self.socket, "-u", "root", "-e", "create database sbtest"], check=True, timeout=60)
            self.sysbench("prepare")

    def command(self):
        user = ["--user=root"] if os.geteuid() == 0 else []
        return ["mariadbd", "--no-defaults", f"--datadir={self.data}", f"--socket={self.socket}", "--skip-networking",
                "--innodb-flush-log-at-trx-commit=0", f"--pid-file={self.data}/pid", *user]

    def answers(self):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(self.socket)
            return True
        return False

    def warm(self):
        self.sysbench("run")

    def sysbench(self, what):
        user = "root" if os.geteuid() == 0 else os.environ.get("USER", "")
        return subprocess.run(["sysbench", "--db-driver=mysql", f"--mysql-socket={self.socket}", f"--mysql-user={user}", "--tables=4",
                               "--table-size=5000", "--threads=8", f"--time={self.seconds}", "oltp_read_write", what], check=True,
                              capture_output=True, text=True, timeout=300).stdout

    def throughput(self):
        return float(re.search(r"transactions:\s+\d+\s+\(([\d.]+) per sec", self.sysbench("run")).group(1))


@contextlib.contextmanager
def serving(server, environment):
    process = subprocess.Popen(server.command(), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + READY
        while not server.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{server.name} does not answer")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def compare(server, setup, records):
    """Throughputs, bare and watched, pair by pair; who begins alternates."""
    bare, watched = [], []
    for pair in range(setup.pairs or (1 if setup.quick else 7)):
        sides = [(bare, setup.environment()), (watched, setup.environment(records))]
        for results, environment in sides if pair % 2 == 0 else reversed(sides):
            with serving(server, environment):
                server.warm()  # what is learnt once is learnt here
                results.append(server.throughput())
    return bare, watched


def run(setup):
    kinds = [kind for kind in (Memcached, MariaDb) if setup.wanted(kind.name)]
    if not kinds:
        return
    print(f"{'servers: per second':28}{'bare':>9}{'watched':>11}{'lost':>8}   {'min..max of pairs':19}")
    for kind in kinds:
        missing = [need for need in kind.needs if shutil.which(need) is None]
        if missing:
            print(f"  {kind.name:26} passed over: {', '.join(missing)} not installed")
            continue
        with tempfile.TemporaryDirectory(prefix="gordian-bench-") as directory, tempfile.TemporaryDirectory(prefix="gordian-bench-") as records:
            bare, watched = compare(kind(directory, setup.quick), setup, records)
        lost = [100 * (1 - after / before) for before, after in zip(bare, watched)]
        print(f"  {kind.name:26}{statistics.median(bare):9.0f}{statistics.median(watched):11.0f}{statistics.median(lost):7.1f}%   "
              f"{min(lost):6.1f}%..{max(lost):.1f}%")
    print()
