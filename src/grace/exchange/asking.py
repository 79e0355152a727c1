"""Asking another agency, blinded: what is sent tells nothing, and of what comes back only the yes or no to our own questions can be read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from grace.agencies.keys import bytes_of, text_of
from grace.exchange import blind
from grace.exchange.errors import Unreached
from grace.exchange.http import Answered, fetch, read
from grace.exchange.request import Asked
from grace.kernel.errors import Invalid

PATH = "/exchange/v1/questions"
TIMEOUT = 30.0
MOST_TAGS = 64 << 20
"""Bytes: four million values worked on."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Which subjects the other agency works on, and when it prepared its answers."""

    yes: frozenset[bytes]
    as_of: datetime


def ask(agency_id: UUID, address: str, subjects: Sequence[bytes]) -> Heard:
    """Ask about subjects, two requests. Raises :class:`Unreached` and :class:`grace.exchange.errors.Declined`; no answer is never a no."""
    blinded = [blind.blind(each) for each in subjects]
    said = _told(_fetch(address, Asked("POST", PATH, agency_id, b"".join(each.element for each in blinded)), TIMEOUT))
    evaluated, digest, as_of = said
    if len(evaluated) != len(blinded):
        raise Unreached("odd-answer")
    tags = _fetch(address, Asked("GET", f"{PATH}/tags/{digest.hex()}", agency_id), TIMEOUT, MOST_TAGS)
    if sha256(tags).digest() != digest or len(tags) % blind.TAG_BYTES:
        raise Unreached("odd-answer")
    try:
        values = [blind.tag(blind.unblind(one, other)) for one, other in zip(blinded, evaluated, strict=True)]
    except Invalid as fault:
        raise Unreached("odd-answer") from fault
    return Heard(frozenset(one.subject for one, each in zip(blinded, values, strict=True) if _has(tags, each)), as_of)


def told(evaluated: Sequence[bytes], digest: bytes, made_at: datetime) -> Mapping[str, object]:
    """The answer to the first request, as JSON."""
    return {"evaluated": [text_of(each) for each in evaluated], "tags": digest.hex(), "made_at": made_at.isoformat()}


def elements_of(body: bytes) -> list[bytes]:
    """The blinded elements of a request's body."""
    size = blind.ELEMENT_BYTES
    return [body[at : at + size] for at in range(0, len(body), size)]


def _fetch(address: str, asked: Asked, timeout: float, most: int = 1 << 16) -> bytes:
    try:
        return fetch(address, asked, timeout, most)
    except Answered as refusal:
        raise refusal.told() from refusal


def _told(raw: bytes) -> tuple[list[bytes], bytes, datetime]:
    said: dict[str, Any] = read(raw)
    try:
        as_of = datetime.fromisoformat(said["made_at"])
        found = [bytes_of(each) for each in said["evaluated"]], bytes.fromhex(said["tags"]), as_of.astimezone(UTC)
    except (KeyError, TypeError, ValueError, AttributeError, Invalid, OverflowError) as fault:
        raise Unreached("odd-answer") from fault
    if as_of.tzinfo is None or len(found[1]) != sha256().digest_size:
        raise Unreached("odd-answer")
    return found


def _has(tags: bytes, wanted: bytes) -> bool:
    """Whether a tag is among sorted ones."""
    at = bisect_left(_Tags(tags), wanted)
    return tags[at * blind.TAG_BYTES : (at + 1) * blind.TAG_BYTES] == wanted


@dataclass(frozen=True, slots=True)
class _Tags:
    """Sorted tags that lie one after another, as a sequence."""

    raw: bytes

    def __len__(self) -> int:
        return len(self.raw) // blind.TAG_BYTES

    def __getitem__(self, at: int) -> bytes:
        return self.raw[at * blind.TAG_BYTES : (at + 1) * blind.TAG_BYTES]
