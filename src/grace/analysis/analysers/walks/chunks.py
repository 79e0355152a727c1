"""The chunks of PNG and RIFF, and the elements of Matroska: a name, a length, a content."""

from __future__ import annotations

from collections.abc import Iterator

from grace.analysis.analysers.walks.reading import Short, Steps, big, little, part


def png(data: bytes, steps: Steps, at: int = 8) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the content of each chunk up to IEND. Raises :class:`Short` where the picture is cut."""
    while True:
        steps.take()
        size, name = big(data, at, 4), part(data, at + 4, 4)
        if at + 12 + size > len(data):
            raise Short(f"the chunk at {at} is cut")
        yield name, at + 8, at + 8 + size
        at += 12 + size
        if name == b"IEND":
            return


def riff(data: bytes, steps: Steps, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the content of each chunk between two places. A chunk that is cut ends with the bytes."""
    end = min(end, len(data))
    while at + 8 <= end:
        steps.take()
        size = little(data, at + 4, 4)
        yield data[at : at + 4], at + 8, min(at + 8 + size, end)
        at += 8 + size + size % 2


def _vint(data: bytes, at: int, most: int) -> tuple[int, int]:
    """The bytes that a number of variable length takes, and the number with its mark."""
    first = big(data, at, 1)
    size = 9 - first.bit_length()
    if size > most:
        raise ValueError(f"no element at {at}")
    return size, big(data, at, size)


def ebml(data: bytes, steps: Steps, at: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Id, start and end of the content of each element of one level (RFC 8794); the end is None where it is not stated.

    After such an element nothing more is told. An end may lie behind the bytes. Raises ``ValueError`` where no element stands.
    """
    while at < min(end, len(data)):
        steps.take()
        taken, name = _vint(data, at, 4)
        at += taken
        taken, size = _vint(data, at, 8)
        at += taken
        size &= (1 << 7 * taken) - 1
        if size == (1 << 7 * taken) - 1:
            yield name, at, None
            return
        yield name, at, at + size
        at += size
