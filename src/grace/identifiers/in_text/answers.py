"""A name as the answer to a question, or on a line of its own below its service: ``A: your snap? B: kite_77``."""

from __future__ import annotations

import re

from grace.identifiers.in_text.hits import lowered, words_before
from grace.identifiers.in_text.judges import leading_word
from grace.identifiers.in_text.names import (
    END,
    NAME_HERE,
    SYMBOLS,
    Look,
    is_behind_at,
    is_counted,
    is_host,
    is_hyphened,
    is_kin,
    is_letters_then_digits,
    look_of,
)
from grace.identifiers.in_text.words import service_of, words

_TIME = r"(?:[\[(]?(?:[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4},?[^\S\n])?[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?[\])]?[^\S\n]*(?:[-\u2013][^\S\n]*)?)?"
_SPEAKER = r"(?:<[@\w .-]{1,24}>|[\w.-]{1,24}(?:[^\S\n][\w.-]{1,20})?[^\S\n]?(?:\([0-9:., /-]{4,20}\))?:(?=[^\S\n])|[\w.-]{1,24}>(?=[^\S\n])|[-\u2013\u2014>\u00bb\u2022*]{1,2}(?=[^\S\n]))?"
_ANSWER = re.compile(
    r"(?P<rest>(?:[^\S\n]+[^\W\d_](?:['\u2019-]?\w){0,20}){0,4})[^\S\n]*"
    rf"(?:(?P<asked>[?;\u037e]+)[^\S\n)]{{0,3}}(?:[/|\u2013\u2014][^\S\n]|\n)?|[\"'*_:.!{SYMBOLS}]{{0,3}}[^\S\n]*\r?\n)[^\S\n]{{0,8}}{_TIME}{_SPEAKER}[^\S\n]{{0,4}}[\"'\u201c\u201e\u00ab`*]?"
)
_ALONE = re.compile(rf"[\"'`*\u201d\u201c\u00bb)]{{0,3}}[^\S\n]*[.,;!{SYMBOLS}]{{0,3}}[^\S\n]*(?:[:;]-?[()DP])?[^\S\n]*(?:\r?\n|$)")
_ASKS = words("names", "asks")
_SPOKEN = words("names", "mine", "names", "naming", "calls", "asks")
_IS, _MINE, _YES = words("names", "is", "asked_for"), words("names", "mine"), words("names", "yes")
_GREEK = re.compile(r"[\u0370-\u03ff]")
_NEAR = 24
_MOST_STEPS = 4
_STEP = re.compile(r"[,:!]?[^\S\n]{1,2}")
_STOPS, _LEADS = words("names", "stops"), words("names", "links", "names", "yes", "mine")
_GUESSES = words("names", "guesses")


def answer(text: str, at: int, kin: frozenset[str]) -> re.Match[str] | None:
    """The name that answers what stands before ``at``; a semicolon asks in Greek."""
    asked = _ANSWER.match(text, at)
    if asked is None or not _is_for_a_name(text, at, asked):
        return None
    at, is_told = asked.end(), False
    for _ in range(_MOST_STEPS):
        found = NAME_HERE.match(text, at)
        if found and (asked["asked"] or is_told or _ALONE.match(text, found.end())) and _is_answer(text, found, kin, is_told=is_told):
            return found
        word = leading_word(text, at)
        step = _STEP.match(text, word[1]) if word and (word[0] in _LEADS or word[0] in _GUESSES) else None
        if step is None:
            return None
        is_told = is_told or (word is not None and (word[0] in _IS or word[0] in _MINE or word[0] in _YES))
        at = step.end()
    return None


def _is_for_a_name(text: str, at: int, asked: re.Match[str]) -> bool:
    """Whether a question, or what stands alone in its line, may be followed by a name."""
    if asked["asked"] and "?" not in asked["asked"] and not _GREEK.search(text, max(0, at - _NEAR), asked.end()):
        return False
    between = lowered(asked["rest"]).split()
    if (
        any(service_of(word) or (word in _STOPS and word not in _ASKS) for word in between)
        or sum(word not in _LEADS for word in between) > 1
    ):
        return False
    return not (between and asked["asked"]) or _SPOKEN.any([*between, *words_before(text, at, sentence=True)])


def _is_answer(text: str, found: re.Match[str], kin: frozenset[str], *, is_told: bool) -> bool:
    name = found["name"]
    if found["tag"]:
        return not is_counted(name)
    look = look_of(name)
    if found["at"]:
        return is_behind_at(name)
    if look is Look.UNDERSCORED or (kin and is_kin(name, kin)):
        return True
    if is_told and look is Look.DOTTED:
        return END.match(text, found.end()) is not None
    if is_told and is_hyphened(name) and _ALONE.match(text, found.end()):
        return True
    is_marked = (look is Look.DOTTED and not is_host(name)) or (look is Look.MIXED and is_letters_then_digits(name))
    return is_marked and END.match(text, found.end()) is not None
