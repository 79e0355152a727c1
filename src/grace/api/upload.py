"""Bodies on their way in: held in memory, not in the open on a disk (law, L15); large ones as a private file of the shared memory."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from grace.api.problems import TooLarge

SMALL = 4 << 20
CHUNK = 1 << 16
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a file of our own, 0600, that goes with the request


@dataclass(frozen=True, slots=True)
class Upload:
    """The body of a request, and its SHA-256."""

    data: bytes | Path
    digest: bytes


@contextmanager
def body_of(request: HttpRequest) -> Iterator[Upload]:
    """Read the body once, a large one chunk by chunk. Raises ``TooLarge`` as soon as it is."""
    head = request.read(SMALL + 1)
    if len(head) > settings.GRACE_LARGEST_UPLOAD:
        raise TooLarge
    digest = hashlib.sha256(head)
    if len(head) <= SMALL:
        yield Upload(head, digest.digest())
        return
    with tempfile.NamedTemporaryFile(prefix="grace-upload-", dir=_SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None) as file:
        size = file.write(head)
        while chunk := request.read(CHUNK):
            size += file.write(chunk)
            if size > settings.GRACE_LARGEST_UPLOAD:
                raise TooLarge
            digest.update(chunk)
        file.flush()
        yield Upload(Path(file.name), digest.digest())
