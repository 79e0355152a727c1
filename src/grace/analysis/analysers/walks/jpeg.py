"""The markers of a JPEG (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.analysis.analysers.walks.reading import Short, Steps, big

END = 0xD9
COMMENT = 0xFE
_SCAN = 0xDA
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Within a scan 0xFF is followed by zero, by a restart or by fill bytes; anything else is the next marker."""


def segments(data: bytes, steps: Steps, at: int = 0) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of the content of each segment; the last is :data:`END`, and its end is that of the picture.

    Raises :class:`Short` where the picture is cut, which a byte that is no marker counts as.
    """
    at += 2
    while True:
        steps.take()
        if big(data, at, 1) != 0xFF:
            raise Short(f"no marker at {at}")
        marker = big(data, at + 1, 1)
        at += 1 if marker == 0xFF else 2
        if marker == 0xFF or marker in _ALONE:
            continue
        if marker == END:
            yield END, at, at
            return
        size = big(data, at, 2)
        if size < 2 or at + size > len(data):
            raise Short(f"the segment at {at} is cut")
        yield marker, at + 2, at + size
        at += size
        if marker == _SCAN:
            found = _AFTER_SCAN.search(data, at)
            if not found:
                raise Short("the last scan has no end")
            at = found.start()
