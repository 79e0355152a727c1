"""Bodies on their way in: held in memory, not in the open on a disk (law, L15); large ones as a private file of the shared memory."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from grace.api.faults import TooLarge

SMALL = 4 << 20
CHUNK = 1 << 16
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a file of our own, 0600, that goes with the request


class InMemory(FileUploadHandler):
    """Keeps the files of a multipart body in memory; how large a body may be is settled before it is read."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The next file begins."""
        super().new_file(*args, **kwargs)
        self._content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of the file."""
        del start
        self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file is whole."""
        self._content.seek(0)
        return InMemoryUploadedFile(self._content, self.field_name, self.file_name, self.content_type, file_size, self.charset)


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
