"""A store in memory, for tests and rehearsals: it keeps the contract, and loses everything when the process ends."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from uuid import UUID


class MemoryStore:
    """Objects in a dictionary."""

    def __init__(self) -> None:
        self.objects: dict[UUID, bytes] = {}
        self.written: dict[UUID, float] = {}
        self.sync_seconds = 0.0

    def put(self, object_id: UUID, chunks: Iterable[bytes]) -> None:
        """Keep one object."""
        content = b"".join(chunks)
        if object_id in self.objects:
            raise FileExistsError(object_id)
        self.objects[object_id] = content
        self.written[object_id] = time.time()

    def put_many(self, objects: Sequence[tuple[UUID, bytes]]) -> None:
        """Keep many."""
        for object_id, content in objects:
            self.put(object_id, [content])

    def open(self, object_id: UUID) -> BinaryIO:
        """The object's bytes."""
        if object_id not in self.objects:
            raise FileNotFoundError(object_id)
        return io.BytesIO(self.objects[object_id])

    def delete(self, object_id: UUID) -> bool:
        """Forget the object."""
        return self.objects.pop(object_id, None) is not None

    def list(self, after: UUID | None = None) -> Iterator[UUID]:
        """Ids in ascending order."""
        return iter(sorted(known for known in self.objects if after is None or known > after))

    def age(self, object_id: UUID) -> float:
        """Seconds since it was kept."""
        if object_id not in self.objects:
            raise FileNotFoundError(object_id)
        return time.time() - self.written[object_id]

    def sweep(self, older_than: float) -> int:
        """Nothing: here every write is whole."""
        del older_than
        return 0
