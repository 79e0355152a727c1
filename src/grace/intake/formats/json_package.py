"""Finding the JSON documents of a package by a key of their outermost object."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from grace.intake.formats.json_document import parse
from grace.intake.formats.room import Room
from grace.sdk.intake import Member, Package, Reading, Report, Unreadable

HEAD = 64 * 1024
"""Bytes of a member that are looked at to recognise it."""
LOCKED = frozenset({"encrypted", "unknown-compression"})
"""Members that nobody can read are noted by the package and hide no report; a damaged one may, and is refused."""

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*+)"\s*(:?)|[{\[]|[}\]]', re.DOTALL)
_OPENS, _CLOSES = b"{[", b"}]"

Sureness = Callable[[bytes], float]
"""How sure a format is of a member from its head, 0 to 1."""


def surest(package: Package, sureness: Sureness) -> float:
    """How sure the format is of its likeliest member."""
    return max((sure for _, sure in candidates(package, sureness)), default=0.0)


def read_each(package: Package, sureness: Sureness, read: Callable[[dict[str, object], Room], Report]) -> tuple[Reading, ...]:
    """One reading per report in the package, in the order of their names. Raises :class:`Unreadable`."""
    found = list(candidates(package, sureness))
    best = max((sure for _, sure in found), default=0.0)
    if not best:
        raise Unreadable("no-report", "The package holds no report of this format.")
    room = Room()
    return tuple(_read(package[name], read, room) for name, sure in sorted(found) if sure == best)


def _read(member: Member, read: Callable[[dict[str, object], Room], Report], room: Room) -> Reading:
    with member.open() as stream:
        return Reading(read(parse(stream, room), room), (member.name,))


def candidates(package: Package, sureness: Sureness) -> Iterator[tuple[str, float]]:
    """The members that a format may read, each with how sure it is: by name ``.json``, or the only one of its package."""
    for name, member in package.items():
        if len(package) == 1 or name.lower().endswith(".json"):
            sure = sureness(_head(member))
            if sure:
                yield name, sure


def has_key(head: bytes, key: bytes) -> bool:
    """Whether the outermost object has this key, as far as the head shows: a key further in, or a text, does not count."""
    if b'"%s"' % key not in head or not is_object(head):
        return False
    depth = 0
    for token in _TOKEN.finditer(head):
        start = token[0][:1]
        if start in _OPENS:
            depth += 1
        elif start in _CLOSES:
            depth -= 1
        elif depth == 1 and token[2] and token[1] == key:
            return True
    return False


def is_object(head: bytes) -> bool:
    """Whether the text begins as a JSON object does."""
    return head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip().startswith(b"{")


def _head(member: Member) -> bytes:
    try:
        with member.open() as stream:
            head = stream.read(HEAD)
    except Unreadable as refused:
        if refused.code in LOCKED:
            return b""
        raise
    return head.replace(b"\x00", b"") if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else head
