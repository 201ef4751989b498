"""How a worker is started: bare or preloaded, pinned or not, its flight record in a folder of ours."""

import dataclasses
import os


@dataclasses.dataclass
class Setup:
    folder: str
    library: str
    quick: bool
    only: str
    pairs: int | None
    pin: int | None
    traced: bool = False  # the library writes a trace, too
    memcached: list[str] | None = None  # builds of it: gcc's, clang's, clang's with our runtime
    pigz: list[str] | None = None  # and of pigz

    def command(self, worker, *arguments):
        return [os.path.join(self.folder, worker), *map(str, arguments)]

    def environment(self, records=None):
        """`records`: where the flight record goes; None for a bare run."""
        environment = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "GORDIAN_OPTIONS")}
        if records is not None:
            environment["LD_PRELOAD"] = self.library
            trace = f":trace-limit=512:trace={records}/trace" if self.traced else ""
            environment["GORDIAN_OPTIONS"] = f"dir={records}:quiet=1{trace}"
        return environment

    def prepare(self):
        """Runs in the child, before the worker."""
        if self.pin is not None:
            os.sched_setaffinity(0, {self.pin})

    def wanted(self, name):
        return self.only in name
