"""Where a text names a service: every word for one that stands alone, whatever ending or key it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grace.identifiers.in_text.hits import LETTER, lowered
from grace.identifiers.in_text.words import (
    SHORTEST_STEM,
    Service,
    attached,
    bare_words,
    is_compound,
    is_inflected,
    phrase_at,
    service_of,
    services,
)

_WORD = re.compile(r"[^\W\d_]+|👻")
_GOES_ON = re.compile(r"[_@]|\.[^\s.]")
_ATTACHED = re.compile(rf"(?:['\u2019\u02bc`](?!s\b)|[:-])(?:{attached()})(?![{LETTER}_@.-])", re.IGNORECASE)
_KEY = re.compile(
    r"[_-](?:(?:user|screen|display|profile)[_-]?name|user[_-]?id|username|user|handle|nick(?:name)?|account|acct|profile|login|tag|name|id|contact|alias)"
    r"(?=[\"'\s:=|>,;\t]|$)",
    re.IGNORECASE,
)
_VALUE_KEY = re.compile(rf"\.(?:{bare_words('names', 'fields').pattern()})(?=[\"'\]]?[^\S\n]{{0,3}}[=:])", re.IGNORECASE)
"""``steam.account = ``, ``kik.nutzer: ``."""
_AT_BEHIND = re.compile(r"[^\S\n]?[:=|\u2192]?[^\S\n]{0,2}@\w")
_LIST_BEFORE = re.compile(r"(?:^|[\n|,;/\u00b7\u2022\u2013\u2014-]|[\u2190-\U0001faff])\s{0,2}$")
_SIGNS = "\u2000"
"""From here on stand arrows and other signs."""
_IS_KEY = re.compile(r"[\"']?\s?[:=]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A service in a text, from ``start`` to ``end`` with what is attached to it.

    ``is_compound``: joined to a word for a name or an account; ``is_inflected``: with the ending of a case, as "on
    Telegram" is one word in many languages.
    """

    start: int
    end: int
    service: Service
    is_compound: bool = False
    is_inflected: bool = False


def mentions(text: str) -> Iterator[Mention]:
    """The services that a text names, in the order of their places."""
    whole, stems, phrases = services()
    end = 0
    for found in _WORD.finditer(lowered(text)):
        word = found[0]
        if not (word in whole or word[:SHORTEST_STEM] in stems or word in phrases) or found.start() < end:
            continue
        service, phrase = service_of(word), phrase_at(text, found.start(), word)
        if phrase:
            service, end = phrase[1], found.start() + len(phrase[0])
        elif service:
            end = found.end()
        if service and _stands_alone(text, found.start(), end, service):
            yield _with_ending(text, Mention(found.start(), end, service, is_compound(word), not phrase and is_inflected(word)))


def _stands_alone(text: str, start: int, end: int, service: Service) -> bool:
    """A word of its own: not part of a host, an address, a hash tag, a name or a number; a letter alone is a capital."""
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    if text[start:end] == "x" and not _is_before_an_at(text, start, end):
        return False
    if before.isdigit() or behind.isdigit():
        return False
    if _VALUE_KEY.match(text, end):
        return before not in {"_", ".", "@", "/"}
    if _GOES_ON.match(text, end):
        return behind == "_" and not before.isalnum() and before not in {"_", ".", "@"} and _KEY.match(text, end) is not None
    if before in {"_", "."} and _IS_KEY.match(text, end):
        return not service.plain
    return before not in {"_", "@", ".", "#", "/", "\\"} or (before == "/" and (behind in {":", " ", "="} or behind > _SIGNS))


def _is_before_an_at(text: str, start: int, end: int) -> bool:
    """Whether a small x is the service in a list of names: ``x: @kite_77``."""
    return _AT_BEHIND.match(text, end) is not None and _LIST_BEFORE.search(text, max(0, start - 4), start) is not None


def _with_ending(text: str, mention: Mention) -> Mention:
    """A mention with the ending or the key that a sign attaches to it."""
    key = _KEY.match(text, mention.end) or _VALUE_KEY.match(text, mention.end)
    if key:
        return Mention(mention.start, key.end(), mention.service, is_compound=True)
    ending = _ATTACHED.match(text, mention.end)
    return Mention(mention.start, ending.end(), mention.service, mention.is_compound, is_inflected=True) if ending else mention
