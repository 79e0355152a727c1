"""Bodies on their way in: small ones in memory, larger ones in a private file that goes with the request."""

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


@dataclass(frozen=True, slots=True)
class Upload:
    """The body of a request, and its SHA-256."""

    data: bytes | Path
    digest: bytes


@contextmanager
def body_of(request: HttpRequest) -> Iterator[Upload]:
    """Read the body once, never more than a chunk of a large one in memory. Raises ``TooLarge`` as soon as it is."""
    digest, head = hashlib.sha256(), bytearray()
    with tempfile.NamedTemporaryFile(prefix="grace-upload-") as file:
        size = 0
        while chunk := request.read(CHUNK):
            size += len(chunk)
            if size > settings.GRACE_LARGEST_UPLOAD:
                raise TooLarge
            digest.update(chunk)
            if size <= SMALL:
                head += chunk
            else:
                file.write(head + chunk)
                head.clear()
        if size <= SMALL:
            yield Upload(bytes(head), digest.digest())
        else:
            file.flush()
            yield Upload(Path(file.name), digest.digest())
