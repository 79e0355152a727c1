"""A name that is told in a sentence behind that of its service: ``Twitch? Sure. It's kite_77``, ``Discord hab ich auch. Bin dort kite77``."""

from __future__ import annotations

import re

from grace.identifiers.in_text.hits import LETTER
from grace.identifiers.in_text.names import END, NAME, Look, is_kin, is_letters_then_digits, look_of
from grace.identifiers.in_text.words import Service, words

_REACH = 160
_SEQUEL = re.compile(
    rf"[.!?;,)>\u2013\u2014-][\"'\u201d)]?\s+(?:{words('names', 'yes').pattern()}|\s|,){{0,3}}(?:(?P<it>{words('names', 'asked_for').pattern()})|{words('names', 'i_am', 'sequels').pattern()})\s"
    rf"(?:(?:{words('names', 'there').pattern()})\s)?[\"'\u201c\u201e\u00ab]?(?P<at>@?)(?P<name>{NAME})(?P<tag>)(?![{LETTER}_@/(=])",
    re.IGNORECASE,
)
"""From a sign behind the service to the end of a name that "I'm" or "it's" leads to."""


def told_next(text: str, end: int, until: int, service: Service, kin: frozenset[str]) -> re.Match[str] | None:
    """The name that the sentences behind a service tell before another service is named; a mere word only if it is made as a name of the text."""
    if service.plain:
        return None
    line = text.find("\n", end, end + _REACH)
    found = _SEQUEL.search(text, end, min(until, end + _REACH, line if line >= 0 else len(text)))
    if found is None:
        return None
    look, is_last = look_of(found["name"]), END.match(text, found.end()) is not None
    is_marked = look is Look.UNDERSCORED or (is_last and look is Look.MIXED and is_letters_then_digits(found["name"]))
    is_asked = not found["it"] or "?" in text[end : found.start("it")]  # "Xbox arrived. It's series_x."
    return found if (is_marked and is_asked) or is_kin(found["name"], kin) else None
