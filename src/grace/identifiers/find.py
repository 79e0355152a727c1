"""Finding identifiers in running text: e-mail, phone, IP, URL, handle at a service, IBAN and wallet, with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from grace.identifiers.in_text.addresses import addresses
from grace.identifiers.in_text.emails import emails
from grace.identifiers.in_text.handles import handles
from grace.identifiers.in_text.hits import Hit, vocabulary
from grace.identifiers.in_text.payments import payments
from grace.identifiers.in_text.phones import phones
from grace.identifiers.in_text.urls import urls
from grace.sdk.intake import Kind

WINDOW = 16_384
"""Code points looked at together: what a pattern may cost is bounded by it, whatever the text is."""
MARGIN = 2_560
"""Code points before and behind a window that are read with it: longer than any identifier with its surroundings."""


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier in a text. ``value`` is ``text[start:end]`` in code points, ``normal`` its one normal spelling.

    ``service`` is the folded name of the service of a handle, None for every other kind.
    """

    kind: Kind
    value: str
    normal: str
    start: int
    end: int
    service: str | None = None


def find(text: str, *, region: str | None = None, most: int | None = None) -> tuple[Found, ...]:
    """The identifiers of a text in the order of their places, at most so many; none overlaps another.

    Precise before complete: where a text may be a date, a price or a version, it is no identifier. ``region`` (ISO 3166
    alpha-2) reads telephone numbers that do not carry their country; without it they are left alone. The time taken
    grows with the length of the text and with nothing else. The text is data: nothing in it changes how it is read.
    """
    if len(text) <= WINDOW:
        return tuple(_found(text, text, 0, region)[:most])
    return tuple(islice(_apart(hit for start in range(0, len(text), WINDOW) for hit in _of_window(text, start, region)), most))


def _apart(hits: Iterable[Found]) -> Iterator[Found]:
    """Those that do not reach into the one before: two windows may cut what has no gap for thousands of characters in two ways."""
    last = 0
    for hit in hits:
        if hit.start >= last:
            last = hit.end
            yield hit


def _of_window(text: str, start: int, region: str | None) -> Iterator[Found]:
    """What begins in a window; the margins around it are read too, so that nothing is cut in two."""
    before = max(0, start - MARGIN)
    part = text[before : start + WINDOW + MARGIN]
    return (hit for hit in _found(text, part, before, region) if start <= hit.start < start + WINDOW)


def _found(text: str, part: str, shift: int, region: str | None) -> list[Found]:
    """In the order of precedence: what is inside a URL is part of it, what is inside an address of a mail is no name."""
    known = vocabulary(part)
    finders = (
        (Kind.URL, urls),
        (Kind.EMAIL, partial(emails, known=known)),
        (Kind.PAYMENT, payments),
        (Kind.IP, addresses),
        (Kind.SCREEN_NAME, partial(handles, known=known)),
        (Kind.PHONE, partial(phones, region=region)),
    )
    taken = bytearray(len(part))
    found: list[Found] = []
    for kind, finder in finders:
        for hit in _free(finder(part), taken):
            start, end = hit.start + shift, hit.end + shift
            found.append(Found(kind, text[start:end], hit.normal, start, end, hit.service))
    return sorted(found, key=lambda each: each.start)


def _free(hits: Iterable[Hit], taken: bytearray) -> Iterator[Hit]:
    for hit in hits:
        if taken.find(1, hit.start, hit.end) < 0:
            taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
            yield hit
