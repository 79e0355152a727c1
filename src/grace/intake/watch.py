"""The watched folder: what lies there whole is taken in, what is still being copied waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")


@dataclass(slots=True)
class Watch:
    """Looks at one folder again and again. An entry is whole once nothing of it changed for ``quiet`` seconds."""

    folder: Path
    quiet: float = 2.0
    _seen: dict[Path, tuple[tuple[int, int, int], float]] = field(default_factory=dict)

    def whole(self) -> Iterator[Path]:
        """The entries that are whole now, oldest first; links, hidden and unfinished ones are passed over."""
        present = {entry: _mark(entry) for entry in self._entries()}
        self._seen = {entry: seen for entry, seen in self._seen.items() if entry in present}
        now = time.monotonic()
        for entry, mark in sorted(present.items(), key=lambda each: each[1][2]):
            if self._seen.get(entry, (None, 0.0))[0] != mark:
                self._seen[entry] = (mark, now)
            elif now - self._seen[entry][1] >= self.quiet:
                yield entry

    def _entries(self) -> list[Path]:
        return [
            entry
            for entry in self.folder.iterdir()
            if not entry.is_symlink() and not entry.name.startswith(".") and not entry.name.endswith(UNFINISHED)
        ]


def _mark(entry: Path) -> tuple[int, int, int]:
    """How many files, how many bytes, and the newest change: any copying in progress moves one of them."""
    files = [each for each in entry.rglob("*") if each.is_file()] if entry.is_dir() else [entry]
    stats = [each.stat() for each in files if each.exists()]
    return len(stats), sum(each.st_size for each in stats), max((each.st_mtime_ns for each in stats), default=0)
