"""Which mutator a document is given to, by what it begins with."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.mutators import archive, json_tree, letter, lines, pages, xml_tree
from tests.fuzz.mutators.hand import Hand

Mutator = Callable[[bytes, Hand], bytes]


def change(content: bytes, hand: Hand) -> bytes:
    """The document with a few changes of its kind."""
    return _mutator(content)(content, hand)


def package(content: bytes, hand: Hand) -> bytes:
    """A ZIP with a few changes, its members by their kinds."""
    return archive.change(content, hand, _member)


def _member(content: bytes, hand: Hand) -> bytes:
    mutator = _mutator(content)
    return hand.twist(content) if mutator is package else mutator(content, hand)


def _mutator(content: bytes) -> Mutator:
    head = content[:512].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"PK"):
        return package
    if head.startswith((b"{", b"[")):
        return json_tree.change
    if head.startswith(b"<"):
        return xml_tree.change
    if b"%PDF-" in head:
        return pages.change
    return letter.change if b": " in head.split(b"\n", 1)[0] else lines.change
