"""Names at services in text: a service must be named beside them, for an ``@`` alone says nothing ("@home").

How sure a name must look depends on what leads to it: behind "my snap name is" a word will do, behind "my snap is" one with a digit ("my snap is
boring"), behind a mere "Telegram" only ``@kite`` or ``kite_77``. Which words lead is data (``words.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers.accounts import normal_screen_name
from grace.identifiers.in_text.befores import name_before
from grace.identifiers.in_text.behinds import name_behind
from grace.identifiers.in_text.domains import top_level
from grace.identifiers.in_text.hits import LETTER, Hit
from grace.identifiers.in_text.leads import Lead
from grace.identifiers.in_text.names import ALSO, NAME_HERE, Look, look_of
from grace.identifiers.in_text.words import Service, is_compound, names_a_service, service_of, words

_WORD = re.compile(r"[^\W\d_]+|👻")
_REDDIT = re.compile(rf"(?<![{LETTER}_./])/?u/(?P<name>[A-Za-z0-9_-]{{3,20}})(?![\w/.-]*[\w/])")
_FEDIVERSE = re.compile(
    rf"(?<![{LETTER}_.@/])@(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,30}})(?P<sign>[@:])(?P<host>(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?P<top>[a-z]{{2,24}}))(?![\w/-])"
)
_NEXT_SERVICE = re.compile(r"\W{1,4}(\w+)\W{1,3}(\w+)")
_GOES_ON = re.compile(r"[_@]|\.\S")
_LIST = 5


def handles(text: str, known: frozenset[str]) -> Iterator[Hit]:
    """Names at services, each with its service; ``known`` is the vocabulary of the text."""
    if names_a_service(known):
        yield from _beside_services(text)
    if "u/" in text:
        is_reddit = "reddit" in known
        for found in _REDDIT.finditer(text):
            if is_reddit or look_of(found["name"]) >= Look.DOTTED:
                yield Hit(found.start(), found.end(), normal_screen_name(found["name"]) or "", "reddit")
    if "@" in text:
        for found in _FEDIVERSE.finditer(text):
            if found["top"] in top_level():
                yield Hit(found.start(), found.end(), found[0][1:].casefold(), "mastodon" if found["sign"] == "@" else "matrix")


def _beside_services(text: str) -> Iterator[Hit]:
    last = -_LIST
    for found in _WORD.finditer(text):
        service = service_of(found[0].lower())
        if service and _stands_alone(text, found):
            before = name_before(text, found, service, max(0, last))
            if before:
                hits = [_hit(before[1], service, before[0])]
            else:  # "snap kite_77, insta blue.kite": the second is meant as the first
                hits = list(_behind(text, found, service, is_in_list=found.start() - last < _LIST))
            last = hits[-1].end if hits else last
            yield from hits


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """A word of its own: not part of a host, an address, a hash tag, a name or a number; a letter alone is a capital."""
    before, behind = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    if found[0] == "x" or before.isdigit() or behind.isdigit() or _GOES_ON.match(text, found.end()):
        return False
    return before not in {"@", ".", "_", "#", "/", "\\"} or (before == "/" and behind in {":", " "})


def _behind(text: str, word: re.Match[str], service: Service, *, is_in_list: bool) -> Iterator[Hit]:
    """Names behind the service: ``Snap: kite_77``, ``my snap is kite_77``, ``add me on Discord, I'm kite#1234``."""
    lead = Lead(service, text, word.start(), is_in_list=is_in_list, is_compound=is_compound(word[0].lower()))
    found = name_behind(text, word.end(), lead)
    while found is not None:
        yield _hit(found, service)
        found = _next(text, found.end())


def _next(text: str, end: int) -> re.Match[str] | None:
    """Another name of the same service: ``insta @blue.kite and @kite_77``."""
    more = ALSO.match(text, end)
    found = NAME_HERE.match(text, more.end()) if more else None
    if found is None or not (found["at"] or found["tag"] or look_of(found["name"]) >= Look.DOTTED) or service_of(found["name"].lower()):
        return None
    behind = _NEXT_SERVICE.match(text[found.end() : found.end() + 40])
    if behind and behind[1].lower() in words("handles", "on") and service_of(behind[2].lower()):
        return None  # it belongs to a service of its own: snap: a_b, kite_77 on insta
    return found


def _hit(found: re.Match[str], service: Service, shift: int = 0) -> Hit:
    name = found["name"] + (found["tag"] or "")
    end = found.end("tag") if found["tag"] else found.end("name")
    return Hit(found.start("at") + shift, end + shift, normal_screen_name(name) or name, service.name)
