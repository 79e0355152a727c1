"""How the two sides speak: each message is a JSON object, one packet; content lies on the slate beside.

Standard library only; either side treats the other as a stranger.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any, Protocol

MOST = 4096


class Wire(Protocol):
    """The two methods of a connected socket that are used."""

    def sendall(self, data: bytes, /) -> None:
        """Send a packet."""

    def recv(self, size: int, /) -> bytes:
        """Receive a packet, cut to that size; empty where the other side is gone."""
        ...


class Broken(Exception):
    """The other side is gone, or does not keep to the form."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends that keep packets apart."""
    return socket.socketpair(type=socket.SOCK_SEQPACKET)


def send(wire: Wire, message: Mapping[str, object]) -> None:
    """Send a message."""
    wire.sendall(json.dumps(message).encode())


def receive(wire: Wire) -> dict[str, Any]:
    """Receive a message of at most :data:`MOST` bytes. Raises :class:`Broken`."""
    packet = wire.recv(MOST + 1)
    if not packet:
        raise Broken("the other side is gone")
    if len(packet) > MOST:
        raise Broken("longer than allowed")
    try:
        message = json.loads(packet)
    except (ValueError, RecursionError):
        raise Broken("the message is no JSON") from None
    if not isinstance(message, dict):
        raise Broken("the message is no object")
    return message
