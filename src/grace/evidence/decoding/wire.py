"""How the two sides speak: a header in JSON, then content in pieces, each with its length before it (4 bytes, big-endian).

A piece of length 0 ends the content. Standard library only; either side treats the other as a stranger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

PIECE = 1 << 20
MOST_HEADER = 4096


class Wire(Protocol):
    """The two methods of a connected socket that are used."""

    def sendall(self, data: bytes, /) -> None:
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
        _send_piece(wire, bytes(view[start : start + PIECE]))
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
    return b"".join(_pieces(wire, most))


def _pieces(wire: Wire, most: int) -> Iterator[bytes]:
    left = most
    while piece := _receive_piece(wire, min(PIECE, left)):
        left -= len(piece)
        yield piece


def _send_piece(wire: Wire, piece: bytes) -> None:
    wire.sendall(len(piece).to_bytes(4, "big") + piece)


def _receive_piece(wire: Wire, most: int) -> bytes:
    size = int.from_bytes(_receive_exactly(wire, 4), "big")
    if size > most:
        raise Broken("longer than allowed")
    return _receive_exactly(wire, size)


def _receive_exactly(wire: Wire, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = wire.recv(min(size, PIECE))
        if not part:
            raise Broken("the other side is gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
