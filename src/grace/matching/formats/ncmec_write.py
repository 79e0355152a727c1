"""Writing pages of the hash-sharing protocol, so that its clients read ours as they read NCMEC's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from grace.matching.formats.item import Item
from grace.matching.formats.ncmec import DELETED, KINDS, NAMESPACE, PHOTODNA

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
OURSELVES = "1"
"""The number of this agency among the members of its own lists."""
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Told:
    """An entry for a page: who says it, its name, when it changed, what it is; without an item it is a tombstone."""

    member: str
    member_name: str
    name: str
    kind: str
    at: datetime
    item: Item | None


def entry(told: Told) -> str:
    """One element."""
    name = told.kind if told.item else DELETED + told.kind.capitalize()
    parts = [
        f"<member id={quoteattr(told.member)}>{escape(told.member_name)}</member>",
        f"<timestamp>{told.at.astimezone(UTC).strftime(MOMENT)}</timestamp>",
        f"<id>{escape(told.name)}</id>",
    ]
    if told.item:
        prints = "".join(f"<{kind}>{escape(value)}</{kind}>" for kind, value in _fingerprints(told.item).items())
        parts += [f"<classification>{escape(told.item.category)}</classification>", f"<fingerprints>{prints}</fingerprints>"]
    return f"<{name}>{''.join(parts)}</{name}>"


def result(entries: Mapping[str, Iterable[Told]], latest: datetime, following: str = "") -> Iterator[str]:
    """A page: entries by kind, the newest moment it holds, and where it goes on."""
    yield f'{HEAD}<queryResult xmlns="{NAMESPACE}">\n'
    for kind in KINDS:
        told = list(entries.get(kind, ()))
        if told:
            yield f'<{kind}s count="{len(told)}" maxTimestamp="{latest.astimezone(UTC).strftime(MOMENT)}">\n'
            for each in told:
                yield f"{entry(each)}\n"
            yield f"</{kind}s>\n"
    if following:
        yield f"<paging><next>{escape(following)}</next></paging>\n"
    yield "</queryResult>\n"


def kind_of(item: Item) -> str:
    """Whether the item is an image or a video; an image where nobody said."""
    kind = item.facts.get("kind")
    return str(kind) if kind in KINDS else KINDS[0]


def page(read: Callable[[], Iterable[Item]], at: datetime) -> Iterator[bytes]:
    """A list as one page, for a file; ``read`` is called once for images and once for videos, so that nothing is held."""
    yield f'{HEAD}<queryResult xmlns="{NAMESPACE}">\n'.encode()
    moment = at.astimezone(UTC).strftime(MOMENT)
    for kind in KINDS:
        yield f'<{kind}s maxTimestamp="{moment}">\n'.encode()
        for item in read():
            if kind_of(item) == kind:
                yield f"{entry(_told(item, kind, at))}\n".encode()
        yield f"</{kind}s>\n".encode()
    yield b"</queryResult>\n"


def _told(item: Item, kind: str, at: datetime) -> Told:
    """Under the name that it came with, if it came by this protocol."""
    member = str(item.facts.get("member", ""))
    start = f"{member}:"
    if member and item.key.startswith(start):
        return Told(member, item.source, item.key.removeprefix(start), kind, at, item)
    algorithm, value = item.digests[0]
    return Told(OURSELVES, item.source, item.key or f"{algorithm}:{value.hex()}", kind, at, item)


def _fingerprints(item: Item) -> dict[str, str]:
    told = {algorithm: value.hex() for algorithm, value in item.digests}
    if photodna := item.facts.get("photodna"):
        told[PHOTODNA] = str(photodna)
    return told
