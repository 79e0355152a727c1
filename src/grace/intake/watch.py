"""The watched folder: what lies there whole is taken in, what is still being copied waits."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
EMPTY_WAITS = 30
"""How many times longer an empty file waits than another: many programs make one before they begin to copy."""

Mark = tuple[int, int, int]


@dataclass(slots=True)
class Watch:
    """Looks at one folder again and again.

    An entry is whole once nothing of it changed for ``quiet`` seconds and, where the system can tell (Linux, files of
    our own), nobody has it open to write.
    """

    folder: Path
    quiet: float = 2.0
    _seen: dict[Path, tuple[Mark, float]] = field(default_factory=dict)
    _left: dict[Path, Mark] = field(default_factory=dict)

    def whole(self) -> list[Path]:
        """The entries that are whole now, oldest first; links, hidden and unfinished ones are passed over."""
        present = {entry: mark for entry in self._entries() if (mark := _mark(entry)) is not None}
        self._seen = {entry: seen for entry, seen in self._seen.items() if entry in present}
        self._left = {entry: mark for entry, mark in self._left.items() if present.get(entry) == mark}
        ripe = [entry for entry, mark in present.items() if self._is_quiet(entry, mark) and entry not in self._left]
        return sorted((entry for entry in ripe if not _is_written(entry)), key=lambda entry: present[entry][2])

    def is_unchanged(self, entry: Path) -> bool:
        """Whether the entry is what it was when it was last found whole."""
        return entry in self._seen and _mark(entry) == self._seen[entry][0]

    def leave(self, entry: Path) -> None:
        """Pass the entry over until something of it changes."""
        if entry in self._seen:
            self._left[entry] = self._seen[entry][0]

    def _is_quiet(self, entry: Path, mark: Mark) -> bool:
        now = time.monotonic()
        if self._seen.get(entry, (None, 0.0))[0] != mark:
            self._seen[entry] = (mark, now)
        return now - self._seen[entry][1] >= self.quiet * (1 if mark[1] else EMPTY_WAITS)

    def _entries(self) -> list[Path]:
        return [
            entry
            for entry in self.folder.iterdir()
            if not entry.is_symlink() and not entry.name.startswith(".") and not entry.name.endswith(UNFINISHED)
        ]


def _mark(entry: Path) -> Mark | None:
    """How many files, how many bytes, and the newest change: any copying in progress moves one of them.

    None where there is nothing to take in, or a name says that copying goes on.
    """
    files = list(_files(entry))
    if not files or any(each.name.endswith(UNFINISHED) for each, _ in files):
        return None
    stats = [status for _, status in files]
    return len(stats), sum(each.st_size for each in stats), max(max(each.st_mtime_ns, each.st_ctime_ns) for each in stats)


def _files(entry: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """The plain files of an entry; one that vanishes meanwhile is left out."""
    with suppress(FileNotFoundError):
        for path in entry.rglob("*") if entry.is_dir() else [entry]:
            with suppress(FileNotFoundError):
                status = path.lstat()
                if stat.S_ISREG(status.st_mode):
                    yield path, status


def _is_written(entry: Path) -> bool:
    """Whether somebody has a file of the entry open to write; False where the system does not tell."""
    return sys.platform == "linux" and any(_has_writer(path) for path, _ in _files(entry))


def _has_writer(path: Path) -> bool:
    """A read lease is refused while a writer has the file open (fcntl(2), "Leases"); it is given back at once, by closing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as refusal:
        return refusal.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False
