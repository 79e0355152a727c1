"""Speaking with the other side before the answer: having an external program run, as a worker can start none; and answering in parts.

What a program gives is bytes as hostile as those that were sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grace.evidence.decoding import wire
from grace.evidence.decoding.port import Reason
from grace.evidence.decoding.program.pictures import Unfit
from grace.evidence.decoding.slate import Mapped

_connections: list[tuple[wire.Wire, Mapped]] = []
_spent = [0]


def through(connection: wire.Wire, slate: Mapped) -> None:
    """Ask over this connection, by way of this slate, from now on."""
    _connections[:] = [(connection, slate)]


def ask(program: str, task: str, content: bytes, /) -> bytes:
    """See :class:`grace.sdk.analysis.Ask`. Raises :class:`Unfit`."""
    ((connection, slate),) = _connections
    slate.put(content)
    wire.send(connection, {"ask": program, "task": task, "bytes": len(content)})
    header = wire.receive(connection)
    if "not_decoded" in header:
        raise Unfit(Reason[header["not_decoded"]])
    _spent[0] += header["milliseconds"]
    return slate.take(header["bytes"])


def hand_over(header: Mapping[str, object], contents: Sequence[bytes], /) -> bool:
    """Hand over a part of an answer; whether more is wanted."""
    ((connection, slate),) = _connections
    wire.send(connection, {**header, "part": True, "bytes": slate.put(*contents)})
    return wire.receive(connection).get("go_on") is True


def spent() -> int:
    """The milliseconds of a processor that were spent on what was asked until now."""
    return _spent[0]
