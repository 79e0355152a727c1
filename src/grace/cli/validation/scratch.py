"""The scratch installation from outside: a folder of its own, a process in it, and nothing left afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grace.cli.validation.play import clean
from grace.host import database, remains
from grace.kernel.errors import Unavailable

PREFIX = "grace-validate-"
PATIENCE = 40.0
"""Seconds that the process in the scratch gets to stop its database."""


def played(referrals: int, seed: int) -> dict[str, Any]:
    """Play a world in a scratch installation; what its sections found. The scratch is gone when this returns or raises."""
    with _folder() as folder, _asked_to_stop():
        home = folder / "home"
        command = [sys.executable, "-m", "grace.cli.validation.play", str(referrals), str(seed), str(os.getpid())]
        process = subprocess.Popen(command, env=clean(os.environ, home), stdin=subprocess.DEVNULL)
        try:
            status = process.wait()
        finally:
            _end(process, home)
            shutil.rmtree(database.socket_folder(home), ignore_errors=True)
        if status != 0:
            raise Unavailable(f"The validation ended before its end (status {status}).", remedy="Read what stands above, and run it again.")
        found: dict[str, Any] = json.loads((home / "found.json").read_text(encoding="utf-8"))
        return found


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _asked_to_stop() -> Iterator[None]:
    """Inside the block, being asked to end is an exception, so that what was made is cleared away."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(process: subprocess.Popen[bytes], home: Path) -> None:
    """End the process, and wait for its database, which ends with it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    until = time.monotonic() + PATIENCE
    while remains.working_in(home / "postgres" / "data") and time.monotonic() < until:
        time.sleep(0.05)
