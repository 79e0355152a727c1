"""The boxes of ISO base media files: MP4, MOV, HEIC, AVIF, JPEG 2000 (ISO/IEC 14496-12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grace.analysis.analysers.walks.reading import Steps, big


@dataclass(frozen=True, slots=True)
class Box:
    """One box: it begins at ``start``, its content at ``body``; ``end`` may lie behind the bytes of a file that was cut."""

    kind: bytes
    start: int
    body: int
    end: int


def box_at(data: bytes, at: int, end: int) -> Box | None:
    """The box at an offset; None where none can stand there. Raises :class:`Short` where its head is cut."""
    size, body = big(data, at, 4), at + 8
    kind = data[at + 4 : at + 8]
    if len(kind) < 4:
        big(data, at + 4, 4)
    if size == 1:
        size, body = big(data, at + 8, 8), at + 16
    elif size == 0:
        size = end - at
    return Box(kind, at, body, at + size) if size >= body - at else None


def boxes(data: bytes, steps: Steps, at: int, end: int) -> Iterator[Box]:
    """Each box between two places, until something else stands there; the last may be longer than the room that it has."""
    end = min(end, len(data))
    while at + 8 <= end:
        steps.take()
        box = box_at(data, at, end)
        if box is None:
            return
        yield box
        at = box.end


def inside(data: bytes, steps: Steps, box: Box, *path: bytes) -> Box | None:
    """The first box of that path below a box; ``meta`` is entered behind its four bytes of version, where it has them."""
    for kind in path:
        at = box.body
        if box.kind == b"meta" and data[at + 4 : at + 8] != b"hdlr":
            at += 4
        found = next((inner for inner in boxes(data, steps, at, box.end) if inner.kind == kind), None)
        if found is None:
            return None
        box = found
    return box
