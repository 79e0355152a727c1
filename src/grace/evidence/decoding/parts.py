"""An answer that comes in parts: the members of an archive, checked and taken before the worker goes on."""

from __future__ import annotations

import io
import time
from typing import Any, BinaryIO

from grace.evidence.decoding.answers import Nonsense, Told, read_portion
from grace.evidence.decoding.port import Take, Unpacking
from grace.evidence.decoding.workers import Worker


class Parts:
    """What is done with each part of one answer."""

    def __init__(self, first: int, most: Unpacking, take: Take) -> None:
        self._next = first
        self._most = most
        self._take = take
        self._goes_on = True

    def answer(self, worker: Worker, header: dict[str, Any]) -> dict[str, Any]:
        """Take a part; what the worker says next. The time is not the worker's. Raises :class:`~grace.evidence.decoding.answers.Nonsense`."""
        if not self._goes_on:
            raise Nonsense
        begun = time.monotonic()
        portion = read_portion(Told(header, worker.slate.read), self._next, self._most)
        self._next = portion[-1].place + 1
        self._goes_on = self._take(portion)
        worker.due += time.monotonic() - begun
        return worker.ask({"go_on": self._goes_on})


class Behind(io.BytesIO):
    """A stream with some bytes behind its end."""

    def __init__(self, stream: BinaryIO, tail: bytes) -> None:
        super().__init__(tail)
        self._stream = stream

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, of the one or of the other."""
        return self._stream.read(size if size is not None else -1) or super().read(size)
