"""A small supervisor: starts programs, starts them again when they die, and stops them in order.

Every child is tied to the supervisor by the kernel (:mod:`grace.host.launch`): however the supervisor ends, the children
end too, and the next start finds nothing in its way. To be used from the main thread, for the same reason.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from grace.host import files

log = logging.getLogger("grace.host")

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
"""Seconds before a dead child is started again: doubled each time, up to the longest."""
STEADY_AFTER = 30.0
"""Seconds after which a child counts as steady, and its next death as the first."""
TRIM_EVERY = 60.0
LARGEST_LOG = 64 * 1024 * 1024
"""Bytes of a log that is written on; what is older is kept once, beside it."""


@dataclass(slots=True)
class Child:
    """One supervised program. ``launch`` starts it; ``patience`` is how long it may take to stop, in seconds."""

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    log: Path | None = None
    wait: float = FIRST_WAIT
    due_at: float = 0.0

    def start(self) -> None:
        """Start it now."""
        self.process = self.launch()
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Note a death, and start again when the wait is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.wait = FIRST_WAIT if now - self.started_at > STEADY_AFTER else min(self.wait * 2, LONGEST_WAIT)
            self.due_at = now + self.wait
            log.warning("%s ended with %s; it is started again in %.1f s", self.name, self.process.returncode, self.wait)
            self.process = None
        if self.process is None and now >= self.due_at:
            self.start()

    def stop(self) -> None:
        """Ask it to stop, wait, and kill it where it does not."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop within %.0f s and is killed", self.name, self.patience)
            self.process.kill()
            self.process.wait()
        self.process = None


@dataclass(slots=True)
class Supervisor:
    """Children in the order of their start; they stop in the opposite order."""

    children: list[Child] = field(default_factory=list)
    asked_to_stop: bool = False

    def add(self, child: Child) -> None:
        """Start a child and look after it from now on."""
        if child.process is None:
            child.start()
        self.children.append(child)

    def listen(self) -> None:
        """Take SIGTERM, SIGINT and SIGHUP as the wish to stop."""
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked_to_stop = True

    def run(self, *, every: float = 0.1, until: Callable[[], bool] = lambda: False) -> None:
        """Look after the children until asked to stop, or until ``until`` says so."""
        trim_at = time.monotonic()
        while not self.asked_to_stop and not until():
            for child in self.children:
                child.look_after()
            if time.monotonic() >= trim_at:
                self._trim_logs()
                trim_at = time.monotonic() + TRIM_EVERY
            time.sleep(every)

    def _trim_logs(self) -> None:
        for child in self.children:
            if child.log is not None:
                trim(child.log)

    def stop(self) -> None:
        """Stop all, the last started first."""
        for child in reversed(self.children):
            child.stop()
        self.children.clear()


def spawn(command: Sequence[str], log_file: Path, *, pass_fds: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Start a command (made by :func:`grace.host.account.launching`) in a session of its own, writing to its log."""
    files.private_folder(log_file.parent)
    with log_file.open("ab") as stream:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True, pass_fds=pass_fds)


def trim(log_file: Path) -> None:
    """Set a log that has grown too large aside; the writer, who appends, goes on in the same file."""
    if log_file.exists() and log_file.stat().st_size > LARGEST_LOG:
        log_file.with_suffix(".log.1").write_bytes(log_file.read_bytes())
        log_file.open("wb").close()
