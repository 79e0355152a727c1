"""Packages on their way in: encrypted bytes in a folder of our own until they are whole, so that a broken line goes on where it broke."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from grace.host.files import private_folder
from grace.kernel.errors import Conflict

STALE = 7 * 24 * 3600.0
"""Seconds after which a package that nobody went on sending is removed."""


class OutOfStep(Conflict):
    """The part does not begin where the last one ended; ``at`` is where it has to."""

    def __init__(self, at: int) -> None:
        super().__init__("The part does not begin where the last one ended.", remedy="Go on where it did.")
        self.at = at


def held(agency: UUID, package: UUID) -> int:
    """How many bytes of a package are here."""
    with suppress(FileNotFoundError):
        return _path(agency, package).stat().st_size
    return 0


@contextmanager
def appending(agency: UUID, package: UUID, at: int, part: bytes) -> Iterator[BinaryIO]:
    """Add a part at its place, and hold the file, locked, as far as it has come. Raises :class:`OutOfStep`.

    A part that was cut off, or sent twice, is sent again from where the file ends.
    """
    private_folder(Path(settings.GRACE_EXCHANGE_FOLDER))
    path = _path(agency, package)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = file.seek(0, os.SEEK_END)
        if at != end:
            raise OutOfStep(end)
        file.write(part)
        file.flush()
        file.seek(0)
        yield file


def drop(agency: UUID, package: UUID) -> None:
    """Remove what is here of a package."""
    _path(agency, package).unlink(missing_ok=True)


def sweep(older_than: float = STALE) -> int:
    """Remove packages that nobody goes on sending; how many there were."""
    folder, gone = Path(settings.GRACE_EXCHANGE_FOLDER), 0
    for path in folder.glob("*.part") if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > older_than:
                path.unlink()
                gone += 1
    return gone


def _path(agency: UUID, package: UUID) -> Path:
    return Path(settings.GRACE_EXCHANGE_FOLDER) / f"{agency}-{package}.part"
