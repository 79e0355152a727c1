"""A name before its service: ``@kite on Instagram``, ``kite_77 (snap)``, ``kite_77 is my snap``, ``@kite - Insta``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from grace.identifiers.in_text.hits import LETTER, words_before
from grace.identifiers.in_text.mentions import Mention
from grace.identifiers.in_text.names import END, NAME, SYMBOLS, Look, is_behind_at, is_counted, is_host, is_kin, look_of
from grace.identifiers.in_text.words import words

_REACH = 70
_ARTICLES = words("names", "articles").pattern()
_STRAY = rf"[{LETTER}'\u2019]{{1,20}}"
_MINE, _NAMES, _STOPS = words("names", "mine", "calls"), words("names", "names"), words("names", "stops")


@cache
def _links() -> re.Pattern[str]:
    """What may stand between a name and its service, up to the end of a text."""
    on, of, is_, mine, label = (words("names", table).pattern() for table in ("on", "of", "is", "mine", "labels"))
    names = rf"(?:{words('names', 'names').pattern()})"
    return re.compile(
        rf"(?P<on>(?P<stray>(?:\s{_STRAY}){{1,4}})?,?\s(?:{on})\s(?:(?:{_ARTICLES}|{mine})\s)?)$"
        rf"|\s?[(\[{{]\s?(?:(?:{on}|{mine})\s)?(?:(?:{_ARTICLES}|{mine})\s)?$"
        rf"|(?P<within>(?:\s{_STRAY}){{0,3}}\s?[(\[]\s?(?:{_STRAY}\s){{0,2}})$"
        rf"|(?P<is>,?\s(?:{is_}|=)\s(?:(?:{_ARTICLES})\s)?(?:{mine})\s)$"
        rf"|(?P<of>\s(?:{of})\s(?:(?:{_ARTICLES})\s)?)$"
        rf"|(?P<label>[\"'\u201d]?\s?[,;|({SYMBOLS}]?\s?[\"'\u201c]?\b(?:{label})[\"'\u201d]?\s?[:=|]\s?[\"'\u201c]?)$"
        rf"|(?P<near>\s(?:{names}\s)?(?:(?:{_ARTICLES}|a|az)\s)?)$"
        rf"|(?P<dash>\s?(?:[|:~@,/-]{{1,2}}|[{SYMBOLS}]{{1,2}}|[-=]>|<[-=])\s)$",
        re.IGNORECASE,
    )


_NAME_END = re.compile(
    rf"(?<![{LETTER}_.@#/-])(?P<at>@?)(?P<name>{NAME})(?P<tag>#[0-9]{{4}})?(?P<close>[\"'`*\u201d\u201c\u00bb)\]]{{0,3}})$"
)
_CHUNK = re.compile(r"[^\s(\[{]{1,48}")
_MARK = re.compile(r"[@_0-9]|[A-Za-z0-9]\.[A-Za-z0-9]|[a-z][A-Z]")
"""What every name that may stand before its service has in it: a mere word is none there."""


class _Place(NamedTuple):
    """A service with the line before it, and what is known of other names."""

    text: str
    line: str
    mention: Mention
    kin: frozenset[str]


def name_before(text: str, mention: Mention, least: int, kin: frozenset[str] = frozenset()) -> tuple[int, re.Match[str]] | None:
    """The name that stands before a service and belongs to it, with the place where its line begins; not before ``least``."""
    from_ = max(least, mention.start - _REACH)
    while least < from_ < mention.start and not text[from_ - 1].isspace():
        from_ += 1  # no part of a word that begins before
    line = text[from_ : mention.start].rpartition("\n")[2]
    place = _Place(text, line, mention, kin)
    for chunk, link in _proposed(line, is_any=bool(kin)):
        found = _NAME_END.search(line, chunk, link.start())
        if found and _is_name(place, found, link):
            return mention.start - len(line), found
    return None


def _proposed(line: str, *, is_any: bool) -> Iterator[tuple[int, re.Match[str]]]:
    """Pieces without blanks, nearest first, behind which nothing stands but a link to the service."""
    if not is_any and not _MARK.search(line):
        return
    for chunk in list(_CHUNK.finditer(line))[:-9:-1]:
        if not is_any and not _MARK.search(chunk[0]):
            continue
        end = chunk.start() + len(chunk[0].rstrip(",:;|"))
        link = _links().match(line, end)
        if link and end > chunk.start():
            yield chunk.start(), link


def _is_name(place: _Place, found: re.Match[str], link: re.Match[str]) -> bool:
    """Before a service a name must look like one, or an ``@`` must stand before it."""
    text, mention, service = place.text, place.mention, place.mention.service
    name, look, is_at = found["name"], look_of(found["name"]), bool(found["at"])
    if place.kin and not link["stray"] and is_kin(name, place.kin):
        return True
    before = words_before(place.line, found.start(), sentence=True)
    is_mine = bool(link["is"]) or _MINE.any(before[:4])
    is_named = bool(link["label"]) or _NAMES.any(before[:3])
    is_free = not service.plain and END.match(text, mention.end) is not None and text[mention.end : mention.end + 1] != "?"
    if link["near"] is not None:
        is_led = is_mine or is_named or not link["near"].isspace()
        return (mention.is_inflected and _is_on(name, look, is_at=is_at, is_led=is_led)) or (is_free and link["near"].isspace() and _is_beside(look, is_at=is_at))
    if link["dash"] is not None:
        return (is_free or mention.is_inflected) and _is_apart(name, look, is_at=is_at)
    if link[0] in {"(", "[", "{"} and not is_at and (service.plain or not text.startswith((")", "]", "}"), mention.end)):
        return False  # a call in a program
    if link["within"]:
        return look is Look.UNDERSCORED and is_free
    if link["stray"]:
        is_led = is_at or is_named or (is_mine and look is Look.UNDERSCORED)
        return is_led and look > Look.WORD and (is_at or not _STOPS.any(link["stray"].lower().split()))
    if (link["of"] and not (is_named or (is_at and look > Look.WORD))) or (service.logs and not (is_mine or is_named or is_at)):
        return False
    if found["tag"]:
        return not is_counted(name) and (service.tags or is_mine or is_at)
    is_enclosed = bool(found["close"]) and link[0].lstrip().startswith(("(", "["))
    return is_behind_at(name) if is_at else _looks_like_a_name(name, look, is_led=is_mine or is_named or is_enclosed)


def _is_on(name: str, look: Look, *, is_at: bool, is_led: bool) -> bool:
    """``kite_77 Telegramissa``: the service's ending says "on"."""
    return is_behind_at(name) if is_at else _looks_like_a_name(name, look, is_led=is_led)


def _is_beside(look: Look, *, is_at: bool) -> bool:
    """``kite_77 Insta``: with a mere blank between, more must speak for a name."""
    return look is Look.UNDERSCORED or (is_at and look > Look.WORD)


def _is_apart(name: str, look: Look, *, is_at: bool) -> bool:
    """``@kite - Insta``, ``blue.kite | Insta``."""
    return (is_at and is_behind_at(name)) or (look is Look.UNDERSCORED) or (look is Look.DOTTED and not is_host(name))


def _looks_like_a_name(name: str, look: Look, *, is_led: bool) -> bool:
    if look is Look.DOTTED:
        return is_led or not is_host(name)
    return look is Look.UNDERSCORED or (look is Look.MIXED and is_led)
