"""The port of a store: where encrypted bytes lie. A store knows nothing of keys or of what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Protocol
from uuid import UUID


class Store(Protocol):
    """Whole objects by id. An object is written once and never changed; every method is safe in several processes."""

    sync_seconds: float
    """Seconds this process has spent waiting for the disk to confirm; benchmarks print its share."""

    def put(self, object_id: UUID, chunks: Iterable[bytes]) -> None:
        """Write one object, durably, when the call returns; where ``chunks`` raises, nothing stays behind.

        Raises ``FileExistsError`` where the id is taken.
        """
        ...

    def put_many(self, objects: Sequence[tuple[UUID, bytes]]) -> None:
        """Write many small objects with one wait for the disk at the end; all are durable when the call returns."""
        ...

    def open(self, object_id: UUID) -> BinaryIO:
        """A seekable stream of the object's bytes. Raises ``FileNotFoundError`` where there is none."""
        ...

    def delete(self, object_id: UUID) -> bool:
        """Remove the object; whether there was one."""
        ...

    def list(self, after: UUID | None = None) -> Iterator[UUID]:
        """Every object's id in ascending order, those after ``after`` only; unfinished writes are left out."""
        ...

    def age(self, object_id: UUID) -> float:
        """Seconds since the object was written. Raises ``FileNotFoundError`` where there is none."""
        ...

    def sweep(self, older_than: float) -> int:
        """Remove writes left unfinished for more seconds than this; how many there were."""
        ...
