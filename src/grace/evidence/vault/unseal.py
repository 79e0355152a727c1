"""Get bytes out of the vault, checked."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from grace.evidence.errors import Lost, Tampered
from grace.evidence.models import SealedObject
from grace.evidence.vault.frames import FRAME, Frames
from grace.evidence.vault.place import here
from grace.kernel.errors import Missing

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Unsealed(io.RawIOBase):
    """The plain bytes of one object, seekable; each frame is checked before a byte of it is handed out.

    Read from start to end, the whole is also compared with the row's SHA-256.
    """

    def __init__(self, row: SealedObject, frames: Frames) -> None:
        self._row = row
        self._frames = frames
        self._at = 0
        self._number = -1
        self._plain = b""
        self._whole = hashlib.sha256()
        self._digested = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move; the next read decrypts the frame that holds the place."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._row.size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "before the start")  # as a file does: zipfile relies on it
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """The place in plain bytes."""
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer from one frame."""
        if self._row.size == 0 and self._number < 0:
            self._load(0)
        if self._at >= self._row.size:
            return 0
        self._load(self._at // FRAME)
        view = memoryview(buffer).cast("B")
        start = self._at % FRAME
        part = memoryview(self._plain)[start : start + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Close the store's stream too."""
        self._frames.close()
        super().close()

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        self._plain, self._number = self._frames.frame(number), number
        if self._digested != number * FRAME:
            return
        self._whole.update(self._plain)
        self._digested += len(self._plain)
        if self._digested == self._row.size and self._whole.digest() != bytes(self._row.sha256):
            raise Tampered(f"Object {self._row.id} is not the content that its row names.", remedy="Restore the row from the last backup.")


def open_object(object_id: UUID) -> BinaryIO:
    """A seekable stream of the object's plain bytes.

    Raises :class:`Missing` where there is no such object, :class:`~grace.evidence.errors.Tampered` (also while reading)
    where the bytes or the row were changed or the bytes are gone, and :class:`~grace.evidence.errors.KeyAway`.
    """
    row = SealedObject.objects.filter(id=object_id).first()
    if row is None:
        raise Missing(f"There is no object {object_id}.")
    return open_row(row)


def open_row(row: SealedObject) -> BinaryIO:
    """As :func:`open_object`, for a row already read."""
    place = here()
    data_key = place.keys.unwrap(row.agency_key_id, row.id, bytes(row.wrapped_key))
    try:
        stored = place.store.open(row.id)
    except FileNotFoundError:
        raise Lost(f"The bytes of object {row.id} are gone from the store.", remedy="Restore them from the last backup.") from None
    try:
        frames = Frames(data_key, row.id, row.size, stored)
    except Tampered:
        stored.close()
        raise
    return io.BufferedReader(Unsealed(row, frames), 64 * 1024)


def read(object_id: UUID) -> bytes:
    """All plain bytes of a small object."""
    with open_object(object_id) as stream:
        return stream.read()


def read_many(object_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """All plain bytes of many small objects, their rows read in one statement. Raises :class:`Missing` for any unknown one."""
    rows = SealedObject.objects.in_bulk(list(object_ids))
    if missing := [object_id for object_id in object_ids if object_id not in rows]:
        raise Missing(f"There is no object {missing[0]}.")
    contents: dict[UUID, bytes] = {}
    for object_id, row in rows.items():
        with open_row(row) as stream:
            contents[object_id] = stream.read()
    return contents
