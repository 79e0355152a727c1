"""What an earlier start left behind: servers that outlived their supervisor, and pid files whose number was given away."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

STEPS = ((signal.SIGINT, 6.0), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0))
"""Fast shutdown, immediate shutdown, the end; with the seconds that each gets."""


def working_in(folder: Path) -> list[int]:
    """The processes whose working folder is ``folder`` or lies in it: a postmaster and its back ends stand in their data folder."""
    target = folder.resolve()
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if entry.readlink().is_relative_to(target):
                found.append(int(entry.parent.name))
    return found


def pid_in(lock: Path) -> int | None:
    """The number in a lock file of PostgreSQL, alive or not; None where there is none."""
    try:
        return int(lock.read_text(encoding="ascii").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def clear(data: Path, socket_lock: Path) -> None:
    """End what still works in ``data``, then drop lock files whose number belongs to somebody else, or to a dead child nobody buried.

    Only for whoever holds the lock of the home. A lock file whose process is gone is left: PostgreSQL recognises it, and
    finds by it shared memory that back ends still use.
    """
    end(data)
    for lock in (data / "postmaster.pid", socket_lock):
        pid = pid_in(lock)
        if pid is not None and _is_alive(pid) and not working_in(data):
            lock.unlink(missing_ok=True)


def end(folder: Path) -> None:
    """End what works in a folder, each step harder than the one before."""
    for sign, patience in STEPS:
        if not _end(folder, sign, patience):
            break


def _end(folder: Path, sign: signal.Signals, patience: float) -> list[int]:
    """Send the signal and wait; the processes that are left."""
    left = working_in(folder)
    master = pid_in(folder / "postmaster.pid")
    for pid in [master] if master in left and sign is not signal.SIGKILL else left:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, sign)
    until = time.monotonic() + patience
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = working_in(folder)
    return left


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
