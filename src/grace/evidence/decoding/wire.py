"""How the two sides speak: a header in JSON, then content in pieces, each with its length before it (4 bytes, big-endian).

A piece of length 0 ends the content. Standard library only; either side treats the other as a stranger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

PIECE = 1 << 20
MOST_HEADER = 4096
_AT_ONCE = 1 << 18
"""About what a socket holds: to ask for more only makes room that stays empty."""
_SMALL = 1 << 16
"""Up to here it is cheaper to copy a piece behind its length than to send twice."""


class Wire(Protocol):
    """The two methods of a connected socket that are used."""

    def sendall(self, data: bytes | memoryview, /) -> None:
        """Send all."""

    def recv(self, size: int, /) -> bytes:
        """Receive some."""
        ...


class Broken(Exception):
    """The other side is gone, or does not keep to the form."""


def send_header(wire: Wire, header: Mapping[str, object]) -> None:
    """Send a header."""
    _send_piece(wire, json.dumps(header).encode())


def receive_header(wire: Wire) -> dict[str, Any]:
    """Receive a header: a JSON object of at most 4 KiB. Raises :class:`Broken`."""
    try:
        header = json.loads(_receive_piece(wire, MOST_HEADER))
    except ValueError:
        raise Broken("the header is no JSON") from None
    if not isinstance(header, dict):
        raise Broken("the header is no object")
    return header


def send_content(wire: Wire, content: bytes) -> None:
    """Send content that is at hand."""
    view = memoryview(content)
    for start in range(0, len(view), PIECE):
        _send_piece(wire, view[start : start + PIECE])
    end_content(wire)


def send_some(wire: Wire, piece: bytes) -> None:
    """Send a part of the content, at most :data:`PIECE` bytes; end with :func:`end_content`."""
    if piece:
        _send_piece(wire, piece)


def end_content(wire: Wire) -> None:
    """Tell that the content is whole."""
    wire.sendall(bytes(4))


def receive_content(wire: Wire, most: int) -> bytes:
    """Receive content of at most ``most`` bytes. Raises :class:`Broken`."""
    return b"".join(_parts(wire, most))


def _parts(wire: Wire, most: int) -> Iterator[bytes]:
    """The content as it comes, piece after piece; put together once, since pixels are many."""
    while size := _receive_size(wire, min(PIECE, most)):
        most -= size
        yield from _receive(wire, size)


def _send_piece(wire: Wire, piece: bytes | memoryview) -> None:
    size = len(piece).to_bytes(4, "big")
    if len(piece) <= _SMALL:
        wire.sendall(size + piece)
    else:
        wire.sendall(size)
        wire.sendall(piece)


def _receive_piece(wire: Wire, most: int) -> bytes:
    return b"".join(_receive(wire, _receive_size(wire, most)))


def _receive_size(wire: Wire, most: int) -> int:
    size = int.from_bytes(b"".join(_receive(wire, 4)), "big")
    if size > most:
        raise Broken("longer than allowed")
    return size


def _receive(wire: Wire, size: int) -> Iterator[bytes]:
    """Exactly so many bytes, in the parts that they come in."""
    while size:
        part = wire.recv(min(size, _AT_ONCE))
        if not part:
            raise Broken("the other side is gone")
        size -= len(part)
        yield part
