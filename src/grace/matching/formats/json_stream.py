"""JSON of any length, event by event, within limits of depth and of what one token may hold.

The parser is ijson (BSD), whose C part reads hundreds of megabytes in bounded memory; but a single text or number it
gathers whole. So the reader counts bytes since the last event, and stops where a token does not end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import ijson
from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid

MOST_TOKEN_BYTES = 4 << 20
MOST_DEPTH = 32
MOST_NODES = 500
"""Values inside one value that is kept."""
_CHUNK = 1 << 16
_BOM = b"\xef\xbb\xbf"

Event = tuple[str, Any]


class Bytes(Protocol):
    """What is read: any binary stream will do."""

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end."""
        ...


class Events:
    """The events of one document: ``start_map``, ``map_key``, ``string``, ``number``, ``end_map`` … with their values.

    Raises :class:`Invalid` for what is not JSON, too deep, or holds a token without end.
    """

    def __init__(self, stream: Bytes) -> None:
        self._measured = _Measured(stream)
        self._events = ijson.basic_parse(self._measured, use_float=True, buf_size=_CHUNK)
        self._depth = 0

    def next(self) -> Event:
        """The next event."""
        try:
            event, value = next(self._events)
        except StopIteration:
            raise _broken() from None
        except (ijson.JSONError, ValueError, SystemError) as fault:  # its C part wraps a ValueError of Python's in a SystemError
            raise _broken() from fault
        self._measured.since = 0
        if event in {"start_map", "start_array"}:
            self._depth += 1
            if self._depth > MOST_DEPTH:
                raise Invalid(_("The JSON is nested deeper than %(most)d levels.") % {"most": MOST_DEPTH})
        elif event in {"end_map", "end_array"}:
            self._depth -= 1
        return event, value

    def end(self) -> None:
        """Read on behind the document: nothing but blanks may follow."""
        try:
            more = next(self._events, None)
        except (ijson.JSONError, ValueError, SystemError) as fault:
            raise _broken() from fault
        if more is not None:
            raise _broken()

    def members(self) -> Iterator[str]:
        """The keys of an object that has just begun; the caller takes or skips the value of each."""
        while True:
            event, value = self.next()
            if event == "end_map":
                return
            yield value

    def skip(self, event: str) -> None:
        """Read past a value that begins with ``event``, in constant memory."""
        if event not in {"start_map", "start_array"}:
            return
        until = self._depth - 1
        while self._depth > until:
            self.next()

    def value(self) -> Any:
        """The next value, built whole if it is small. Raises :class:`Invalid` for one of more than ``MOST_NODES`` values."""
        return self.built(*self.next(), [MOST_NODES])

    def built(self, event: str, value: Any, left: list[int]) -> Any:
        """The value that begins with this event; ``left`` holds how many values there may still be."""
        left[0] -= 1
        if left[0] < 0:
            raise Invalid(_("A value of a record holds more than %(most)d values.") % {"most": MOST_NODES})
        if event == "start_map":
            return {key: self.built(*self.next(), left) for key in self.members()}
        if event == "start_array":
            found = []
            while (inner := self.next())[0] != "end_array":
                found.append(self.built(*inner, left))
            return found
        return value


class _Measured:
    """Counts the bytes read since ``since`` was last put to 0, and passes over a byte-order mark."""

    def __init__(self, stream: Bytes) -> None:
        self._stream = stream
        self._is_first = True
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        if self.since > MOST_TOKEN_BYTES:
            raise Invalid(_("A single text or number is longer than %(most)d MB.") % {"most": MOST_TOKEN_BYTES >> 20})
        found = self._stream.read(size or 0)
        if self._is_first and found:
            self._is_first = False
            found = found.removeprefix(_BOM) or self._stream.read(size)
        self.since += len(found)
        return found


def _broken() -> Invalid:
    return Invalid(_("This is not JSON, or it breaks off."), remedy=_("Nothing was loaded. Fetch the file again."))
