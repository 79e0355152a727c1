"""The text of a PDF, out of the limited decoding process; a locked one is tried with the operator's passwords."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from grace.evidence.decoding import here
from grace.evidence.decoding.port import Limits, NotDecoded, Pages, Reason
from grace.intake import passwords
from grace.kernel.errors import Unavailable
from grace.sdk.intake import Member, Unreadable

LIMITS = Limits(most_bytes=64 << 20, seconds=30.0, cpu_seconds=20)
_MOST_IN_A_REQUEST = 3_000
"""Bytes of passwords, as JSON, that go with one request."""
_CODES = {
    Reason.EMPTY: "empty",
    Reason.FORMAT: "malformed",
    Reason.DAMAGED: "malformed",
    Reason.BYTES: "too-large",
    Reason.PAGES: "too-large",
    Reason.CHARACTERS: "too-large",
    Reason.LOCKED: "encrypted",
}


def pages_of(member: Member, first: int | None = None) -> Pages:
    """The pages' text. Raises :class:`Unreadable`: ``encrypted``, ``malformed``, ``too-large``, ``not-decoded``."""
    found = _asked(member, first, ())
    if found == NotDecoded(Reason.LOCKED):
        for some in _batches(passwords.listed()):
            found = _asked(member, first, some)
            if found != NotDecoded(Reason.LOCKED):
                break
    if isinstance(found, NotDecoded):
        raise Unreadable(_CODES.get(found.reason, "not-decoded"), f"The PDF cannot be read: {found.reason}.")
    return found


def _asked(member: Member, first: int | None, some: Sequence[str]) -> Pages | NotDecoded:
    with member.open() as stream:
        try:
            return here.decoder().pages(stream, LIMITS, first=first, passwords=some)
        except Unavailable as fault:
            raise Unreadable("not-decoded", "The decoding program does not answer; read the document again later.") from fault


def _batches(listed: Sequence[str]) -> Iterator[Sequence[str]]:
    """The passwords in portions that a request holds."""
    batch: list[str] = []
    room = _MOST_IN_A_REQUEST
    for password in listed:
        size = len(json.dumps(password)) + 2
        if size > room:
            yield batch
            batch, room = [], _MOST_IN_A_REQUEST
        batch.append(password)
        room -= size
    if batch:
        yield batch
