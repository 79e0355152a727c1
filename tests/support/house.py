"""A real ``grace up`` in a home of its own, for tests that end processes and look what happens."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0
"""Seconds for a first start on a busy machine."""


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class House:
    """One installation: ``start`` it, ask it, end parts of it, ``stop`` it."""

    home: Path
    port: int = field(default_factory=free_port)
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a command of this installation needs to know; nothing of the tests' own."""
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("GRACE_", "DJANGO_", "PYTEST_"))}
        path = os.pathsep.join([str(ROOT / "src"), *filter(None, [plain.get("PYTHONPATH")])])
        return plain | {"GRACE_HOME": str(self.home), "GRACE_PORT": str(self.port), "PYTHONPATH": path, **self.settings}

    def command(self, *words: str) -> list[str]:
        """A grace command line."""
        return [sys.executable, "-m", "grace.cli.main", *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(self.command(*words), env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def run_all(self, *commands: Sequence[str]) -> list[str]:
        """Run commands to their end, in one process; what each printed. Fails where one of them did."""
        words = [sys.executable, str(ROOT / "tests" / "support" / "several.py"), json.dumps(commands)]
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=PATIENCE * len(commands), check=True)
        said = json.loads(done.stdout)
        assert all(each["code"] == 0 for each in said), said
        return [each["out"] for each in said]

    def start(self, *words: str) -> float:
        """Start ``grace up`` without a terminal; the seconds until it was ready."""
        begun = time.monotonic()
        self.output.parent.mkdir(parents=True, exist_ok=True)
        with self.output.open("w") as output:
            words = words or ("up",)
            self.process = subprocess.Popen(
                self.command(*words), env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self.wait_for(lambda: self.is_ready() and "GRACE is up" in self.output.read_text(), PATIENCE)
        return time.monotonic() - begun

    @property
    def output(self) -> Path:
        """What ``grace up`` prints."""
        return self.home.with_name(f"{self.home.name}.out")

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> str:
        """End it with a signal; what it had printed. A clean stop leaves with 0 and leaves nobody behind."""
        assert self.process is not None
        self.process.send_signal(sign)
        assert self.process.wait(60) == 0
        self.process = None
        assert self.pids("") == []
        return self.output.read_text()

    def kill(self) -> None:
        """End the supervisor alone, as the kernel would for want of memory."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def wait_for(self, come_true: Callable[[], bool], patience: float) -> float:
        """Wait until something is so; the seconds it took. Fails when the patience is over."""
        begun = time.monotonic()
        while not come_true():
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"grace ended: {self.output.read_text()}")
            if time.monotonic() - begun > patience:
                raise AssertionError(f"not within {patience} s; {self.logs()}")
            time.sleep(0.1)
        return time.monotonic() - begun

    def logs(self) -> str:
        """The last words of every log."""
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-1500:]}" for log in sorted((self.home / "log").glob("*.log")))

    def get(self, path: str, timeout: float = 5.0) -> tuple[int, str]:
        """A page: status and body; 0 where nobody answers, or the one who does is killed in the middle."""
        try:
            with self._open(path, timeout) as answer:
                return answer.status or 0, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""

    def _open(self, path: str, timeout: float) -> http.client.HTTPResponse | urllib.error.HTTPError:
        """The answer, refusals included."""
        try:
            answer: http.client.HTTPResponse = urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout)
        except urllib.error.HTTPError as refusal:
            return refusal
        return answer

    def ready(self) -> dict[str, Any]:
        """What /readyz says."""
        _, body = self.get("/readyz")
        said: dict[str, Any] = json.loads(body) if body.startswith("{") else {"ready": False}
        return said

    def is_ready(self) -> bool:
        """Whether referrals could be taken in."""
        return self.ready()["ready"] is True

    def pids(self, words: str) -> list[int]:
        """The processes of this installation whose command line holds ``words``."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                ours = str(self.home) in line or f"GRACE_HOME={self.home}\0".encode() in (entry / "environ").read_bytes()
            except OSError:
                continue
            if words in line and ours:
                found.append(int(entry.name))
        return sorted(found)

    def postmaster(self) -> int:
        """The process that owns the database."""
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])


@contextmanager
def living_in(home: Path, **settings: str) -> Iterator[House]:
    """A house that is cleared away at the end, whatever happened."""
    house = House(home, settings=settings)
    try:
        yield house
    finally:
        if house.process is not None:
            house.kill()
        for _ in range(100):
            if not house.pids(""):
                break
            time.sleep(0.1)
