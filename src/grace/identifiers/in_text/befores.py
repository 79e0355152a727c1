"""A name before its service: ``@kite on Instagram``, ``kite_77 (snap)``, ``kite_77 is my snap``, ``@kite - Insta``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from grace.identifiers.in_text.hits import LETTER, alternatives, words_before
from grace.identifiers.in_text.judges import WITH_TAGS
from grace.identifiers.in_text.names import END, NAME, Look, is_behind_at, is_counted, is_host, look_of
from grace.identifiers.in_text.words import Service, words

_REACH = 70
_ARTICLES = alternatives(words("handles", "articles"))
_STRAY = rf"[{LETTER}'\u2019]{{1,20}}"


@cache
def _links() -> re.Pattern[str]:
    """What may stand between a name and its service, up to the end of a text."""
    on, of, is_, mine, label = (alternatives(words("handles", table)) for table in ("on", "of", "is", "mine", "labels"))
    return re.compile(
        rf"(?P<on>(?P<stray>(?:\s{_STRAY}){{1,4}})?,?\s(?:{on})\s(?:(?:{_ARTICLES}|{mine})\s)?)$"
        rf"|\s?[(\[]\s?(?:(?:{on})\s)?(?:(?:{_ARTICLES}|{mine})\s)?$"
        rf"|(?P<is>,?\s(?:{is_}|=)\s(?:(?:{_ARTICLES})\s)?(?:{mine})\s)$"
        rf"|(?P<of>\s(?:{of})\s(?:(?:{_ARTICLES})\s)?)$"
        rf"|(?P<label>\s?[,;|]?\s(?:{label})\s?[:=]\s?)$"
        r"|(?P<dash>\s?[\u2013\u2014|:-]{1,2}\s|\s)$",
        re.IGNORECASE,
    )


_NAME_END = re.compile(
    rf"(?<![{LETTER}_.@#/-])(?P<at>@?)(?P<name>{NAME})(?P<tag>#[0-9]{{4}})?(?P<close>[\"'`*\u201d\u201c\u00bb)]{{0,3}})$"
)
_CHUNK = re.compile(r"[^\s(\[]{1,48}")
_MARK = re.compile(r"[@_0-9]|[A-Za-z0-9]\.[A-Za-z0-9]|[a-z][A-Z]")
"""What every name that may stand before its service has in it: a mere word is none there."""


def name_before(text: str, word: re.Match[str], service: Service, least: int) -> tuple[int, re.Match[str]] | None:
    """The name that stands before a service and belongs to it, with the place where its line begins; not before ``least``."""
    from_ = max(least, word.start() - _REACH)
    while least < from_ < word.start() and not text[from_ - 1].isspace():
        from_ += 1  # no part of a word that begins before
    line = text[from_ : word.start()].rpartition("\n")[2]
    shift = word.start() - len(line)
    for chunk, link in _proposed(line):
        found = _NAME_END.search(line, chunk, link.start())
        if found and _is_name(text, line, found, link, word, service):
            return shift, found
    return None


def _proposed(line: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Pieces without blanks, nearest first, behind which nothing stands but a link to the service."""
    if not _MARK.search(line):
        return
    for chunk in list(_CHUNK.finditer(line))[:-9:-1]:
        if not _MARK.search(chunk[0]):
            continue
        end = chunk.start() + len(chunk[0].rstrip(",:;|"))
        link = _links().match(line, end)
        if link and end > chunk.start():
            yield chunk.start(), link


def _is_name(text: str, line: str, found: re.Match[str], link: re.Match[str], word: re.Match[str], service: Service) -> bool:
    """Before a service a name must look like one, or an ``@`` must stand before it."""
    name, look, is_at = found["name"], look_of(found["name"]), bool(found["at"])
    before = words_before(line, found.start(), sentence=True)
    is_mine = bool(link["is"]) or not words("handles", "mine").isdisjoint(before[:4])
    is_named = bool(link["label"]) or not words("handles", "names").isdisjoint(before[:3])
    if link["dash"] is not None:
        is_free = not service.plain and END.match(text, word.end()) is not None
        return is_free and _is_apart(name, look, link["dash"], is_at=is_at)
    if link[0] in {"(", "["} and not is_at and (service.plain or not text.startswith((")", "]"), word.end())):
        return False  # a call in a program
    if link["stray"]:
        is_led = is_at or is_named or (is_mine and look is Look.UNDERSCORED)
        return is_led and look > Look.WORD and (is_at or words("handles", "stops").isdisjoint(link["stray"].lower().split()))
    if (link["of"] and not (is_named or (is_at and look > Look.WORD))) or (service.logs and not (is_mine or is_named or is_at)):
        return False
    if found["tag"]:
        return not is_counted(name) and (service.name in WITH_TAGS or is_mine or is_at)
    is_enclosed = bool(found["close"]) and link[0].lstrip().startswith(("(", "["))
    return is_behind_at(name) if is_at else _looks_like_a_name(name, look, is_led=is_mine or is_named or is_enclosed)


def _is_apart(name: str, look: Look, dash: str, *, is_at: bool) -> bool:
    """``@kite - Insta``, ``blue.kite | Insta``: a mere blank needs more of a name."""
    if dash.isspace():
        return look is Look.UNDERSCORED or (is_at and look > Look.WORD)
    return (is_at and is_behind_at(name)) or (look is Look.UNDERSCORED) or (look is Look.DOTTED and not is_host(name))


def _looks_like_a_name(name: str, look: Look, *, is_led: bool) -> bool:
    if look is Look.DOTTED:
        return is_led or not is_host(name)
    return look is Look.UNDERSCORED or (look is Look.MIXED and is_led)
