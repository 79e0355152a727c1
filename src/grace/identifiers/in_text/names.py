"""What a name at a service looks like, from ``kite_77`` (a name wherever it stands) down to a mere word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum

from grace.identifiers.in_text.domains import top_level
from grace.identifiers.in_text.hits import LETTER
from grace.identifiers.in_text.spellings import is_heard
from grace.identifiers.in_text.words import service_of, words

_IN_NAME = r"A-Za-z0-9\u00c0-\u024f\u0370-\u052f"
NAME = rf"[{_IN_NAME}_](?:[{_IN_NAME}_.\-]{{0,38}}[{_IN_NAME}_])?"
NAME_HERE = re.compile(
    rf"(?P<at>@?)(?P<name>(?:live:\.?)?{NAME})(?P<tag>#[0-9]{{4,5}}(?![0-9]))?(?![{LETTER}_@]|\.[{LETTER}]|-[{LETTER}]|://| ?[\"'][ \t]?[:=]|=|['\u2019]t\b)"
)
SYMBOLS = r"\u00a6\u00b7\u200d\u2010-\u2017\u2022-\u2027\u203a-\u2bff\u2e00-\u2e7f\u3001-\u3030\ufe0f\uff1a\U0001f000-\U0001faff"
"""For use inside a set: arrows, bullets, lines and emoji, which people set between services and names."""
_ALSO_WORDS = words("names", "also").pattern()
END = re.compile(
    rf"[\"'`*\u201d\u201c\u00bb\u00ab\u2019)\]>_]{{0,3}}\s*(?:[.,;!?()|/&+\\<\]{{}}{SYMBOLS}]|$|\n| - |[:;=]-?[()DP3]|(?:{_ALSO_WORDS})\s)"
)
ALSO = re.compile(rf"[\"'`*\u201d\u00bb]{{0,2}}\s*(?:[,;/&+|\u2192]|[-=]>|{_ALSO_WORDS})\s*[\"'`*\u201e\u00ab]{{0,2}}(?=@|{NAME})")
CLOSE = re.compile(r"[\"'`*\u201d\u201c\u00bb\u00ab\u2019)\]>]")
_UNDERSCORE = re.compile(r"[^\W\d_]\w*_\w|\w_\w*[^\W\d_]|_\w*[^\W\d_]|[^\W\d_]\w*_$")
_MIXED = re.compile(r"(?=.*[A-Za-z]{2})(?=.*[0-9])[A-Za-z0-9.-]{4,}")
_CAMEL = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,}){1,3}(?:[A-Z]{2})?|(?=.{8})[A-Z][a-z]+(?:[A-Z][a-z]+){1,4}")
_DOTTED = re.compile(
    r"[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]+[.][A-Za-z0-9_.-]*[A-Za-z0-9_-]{2,}|[A-Za-z0-9_-]{2,}[.][A-Za-z0-9_.-]*[A-Za-z][A-Za-z0-9_-]+"
    r"|[A-Za-z0-9_-]{3,}(?:[.][A-Za-z0-9_-]+)+|[A-Za-z0-9_-]+[.][A-Za-z0-9_.-]*[A-Za-z0-9_-]{4,}"
)
_NUMBERED = re.compile(r"[0-9]+(?:\.[0-9]+)+(?![A-Za-z]{2})")
_COUNTED_FILE = words("names", "counted_files").pattern()
_MEASURE = re.compile(
    rf"v?[0-9]+(?:[.:,-][0-9]+)*[A-Za-z]{{0,3}}|(?:{_COUNTED_FILE})[_.-]?[0-9][\w.-]*|[A-Za-z]{{1,3}}[0-9]{{1,2}}|[0-9]{{1,3}}(?:-[A-Za-z]{{3,}}){{1,3}}",
    re.IGNORECASE,
)
_MEASURE_AT = re.compile(r"v?[0-9]+(?:[.:,-][0-9]+)*[A-Za-z]{0,3}", re.IGNORECASE)
_FILE = re.compile(rf".*\.(?:{words('names', 'files').pattern()})", re.IGNORECASE)
_PACKAGE = re.compile(r"(?:com|org|net|io|www|self|this|window|document|console|os|sys)\.", re.IGNORECASE)
_PLAIN = re.compile(r"[a-z]{4,24}")
_PLAIN_CAPITAL = re.compile(r"[A-Z]?[a-z]{3,24}(?:-[A-Za-z]{3,24})?")
_HYPHENED = re.compile(r"[A-Za-z]{4,}-[A-Za-z]{4,}")
_PARTICIPLE = re.compile(r"(?:[a-z]{2,7})?(?:ge[a-z]{3,}(?:t|en|d)|(?:ver|be|ont|zer)[a-z]{4,}(?:d|t))")
_LETTERS_DIGITS = re.compile(
    r"[A-Za-z]{4,}[0-9]{1,4}|[a-z]{4,}[0-9][a-z]{4,}|(?:[A-Z][a-z]+){2,3}-[0-9]{1,4}|[A-Za-z]{3,}-[A-Za-z]{3,}(?:-[A-Za-z]{3,})?-?(?!(?:19|20)[0-9]{2})[0-9]{1,4}"
)
"""Also a digit for a word between two, ``gare2triage``, and joined words, ``lantern-moth-44``."""
_ALONE = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]+){1,3}[0-9]{2,4}|[A-Za-z]{7,}(?!(?:19|20)[0-9]{2})[0-9]{2,4}|[A-Za-z]{10,}[0-9]")
_COUNTED_NAME = re.compile(r"[a-z]_[0-9]{1,4}$")
_PARTS = re.compile(r"[^\W\d_]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_SHORTEST_KIN = 5
_SHORT, _LEAST_ALIKE = 3, 4
_BEYOND_ASCII = re.compile(r"[^\W\d_\x00-\x7f]")
_NOT_LATIN = re.compile(r"[\u0370-\u1dff]")
_HOW = ("ed", "ing", "ly", "ado", "ada", "ato", "ata", "iert", "owane", "owany")
_STAND_INS = words("names", "stand_ins")
_MODELS = words("names", "models")
_PROGRAMS, _ROOMS = words("nobody", "never", "programs"), words("names", "rooms")
_PLACEHOLDERS = words("names", "names", "fields", "within", "leading")
_SAID = words("nobody", "never")
_NO, _TWO = words("names", "denials"), 2
_LEADING = words("names", "links", "names", "mine", "naming", "stops", "on")


class Look(IntEnum):
    """How much a text looks like a name by itself."""

    NONE = 0
    WORD = 1
    MIXED = 2
    """Letters and digits, ``kite77``; a capital inside, ``BlueKite``. A version or a measure may be written so."""
    DOTTED = 3
    """``blue.kite``: a host or a file may be written so."""
    UNDERSCORED = 4


def look_of(name: str) -> Look:
    """The look of a name; what measures something (``1080p``), a file, a program's word and a service's own name have none."""
    if service_of(name.lower()) or name.lower() in _STAND_INS:
        return Look.NONE
    if _PLAIN.fullmatch(name):
        return Look.WORD
    is_marked = "_" in name or "." in name
    if (is_marked and _is_a_programs(name)) or _is_no_name(in_ascii(name)):
        return Look.NONE
    if name.startswith("live:") or ("_" in name and _UNDERSCORE.search(name)):
        return Look.UNDERSCORED
    look = _look_without_line(in_ascii(name))
    if name.isascii():
        return look
    is_abbreviation = look is Look.DOTTED and min(map(len, name.split("."))) < _least_part(name)
    return Look.NONE if look is Look.WORD or is_abbreviation else look


def _least_part(name: str) -> int:
    """How long each part of a dotted name beyond ASCII must be: other scripts write abbreviations so."""
    if not _NOT_LATIN.search(name):
        return _SHORT
    return _LEAST_ALIKE if name.islower() else len(name)


def in_ascii(name: str) -> str:
    """A name with an ``a`` for every letter beyond ASCII, in its case: how it looks is asked, not what it says."""
    return name if name.isascii() else _BEYOND_ASCII.sub(lambda found: "A" if found[0].isupper() else "a", name)


def _look_without_line(name: str) -> Look:
    if _DOTTED.fullmatch(name):
        return Look.NONE if _NUMBERED.match(name) else Look.DOTTED
    if _MIXED.fullmatch(name) or _CAMEL.fullmatch(name):
        return Look.MIXED
    return Look.WORD if _PLAIN_CAPITAL.fullmatch(name) else Look.NONE


def _is_no_name(name: str) -> bool:
    """A measure, a file, a package."""
    return bool(_MEASURE.fullmatch(name) or _FILE.fullmatch(name) or _PACKAGE.match(name))


def _is_a_programs(name: str) -> bool:
    """Whether nothing but words of programs or of forms stands in it: ``server_2``, ``chat_id``, ``user_name``."""
    parts = _PARTS.findall(name.lower())
    is_room = _ROOMS.any(parts)  # "chat_room_4"
    if len(parts) > 1 and _COUNTED_NAME.search(name) and parts[0] not in _PLACEHOLDERS and not is_room:
        return False  # "old_platform_4"
    is_said = all(part in _PROGRAMS or part in _ROOMS or part in _SAID or service_of(part) for part in parts)
    return is_said or all(part in _PLACEHOLDERS for part in parts)


def squeezed(name: str) -> str:
    """The letters of a name: ``Blue_Kite#1234`` and ``bluekite`` are one person's."""
    return _NO_LETTERS.sub("", name.lower())


def is_kin(name: str, kin: frozenset[str]) -> bool:
    """Whether a name is made as another of the text, for people are called alike everywhere."""
    letters = squeezed(name)
    if len(letters) < _SHORTEST_KIN or not _PLAIN_CAPITAL.match(name) or name.lower() in _SAID or service_of(name.lower()):
        return False
    return any(each == letters or (each.startswith(letters) or letters.startswith(each)) for each in kin if len(each) >= _SHORTEST_KIN)


def is_alike(one: str, other: str) -> bool:
    """Whether two names have so many letters in a row in common that one person thought of both."""
    one, other = squeezed(one), squeezed(other)
    return one != other and any(other[at : at + _LEAST_ALIKE] in one for at in range(len(other) - _LEAST_ALIKE + 1))


def shares_letters(name: str, others: Iterable[str], least: int) -> bool:
    """Whether a name has so many letters in a row in common with one of others: people name themselves alike."""
    letters = squeezed(name)
    pieces = [letters[at : at + least] for at in range(len(letters) - least + 1)]
    return any(piece in other for other in map(squeezed, others) for piece in pieces)


def has_no_said_part(name: str) -> bool:
    """Whether no part of a name is a word of programs, of forms or of talk about services."""
    parts = _PARTS.findall(name.lower())
    said = sum(part in _LEADING or part in _SAID for part in parts)
    if said * 2 > len(parts) or (len(parts) == _TWO and parts[0] in _NO):
        return False  # "why_is_it_so", "no_way"
    known = [part for part in parts if len(part) > _SHORT and (part in _SAID or part in _PROGRAMS or part in _ROOMS)]
    return len(known) * 2 < max(len(parts), _TWO) and not any(len(part) > 1 and service_of(part) for part in parts)


def is_behind_at(name: str) -> bool:
    """Whether a text behind an ``@`` may be somebody's name: no place, no time, no mark of a program."""
    lower = name.lower()
    return len(name) > 1 and not _MEASURE_AT.fullmatch(name) and lower not in words("nobody", "after_at") and lower != "live"


def is_counted(name: str) -> bool:
    """Whether a number sign behind this word counts something: ``ticket#1234``."""
    return name.lower() in words("names", "counted")


def is_host(name: str) -> bool:
    """Whether a dotted name ends as a host does."""
    return name.rpartition(".")[2].lower() in top_level()


def is_letters_then_digits(name: str) -> bool:
    """``kite77``, not ``nitro50``: letters that nobody would say of a service, then few digits."""
    return _LETTERS_DIGITS.fullmatch(in_ascii(name)) is not None and not is_said_with_digits(name)


def is_letters_then_digits_alone(name: str) -> bool:
    """``Kartoffelkoenig88``: so long, or of so many parts, that it is a name where little else says so."""
    return _ALONE.fullmatch(in_ascii(name)) is not None and not is_said_with_digits(name)


def is_said_with_digits(name: str) -> bool:
    """Whether the words before digits are such as people say of a service, or name a model: ``error50035``, ``iphone14``."""
    parts = _PARTS.findall(name.lower())
    return any(part in _MODELS for part in parts) or all((part in _SAID or part in _PROGRAMS) and len(part) > _SHORT for part in parts)


def is_hyphened(name: str) -> bool:
    """Whether a name is of two joined words of which neither says how something is: ``blue-kites``."""
    parts = name.lower().split("-")
    return _HYPHENED.fullmatch(name) is not None and not any(part in _SAID or part.endswith(_HOW) for part in parts)


def is_plain(name: str) -> bool:
    """Whether a mere word is none that people say of a service, before a name, or in any text."""
    return not (is_said(name) or is_heard(name.lower()))


def is_said(name: str) -> bool:
    """Whether people say a word of a service or before a name."""
    return name.lower() in _SAID or name.lower() in _LEADING


def is_plain_name(text: str, name: str, end: int, *, is_capital: bool, is_label: bool, is_named: bool = False) -> bool:
    """A word that ends what is said and that nobody would say of a service; with a capital only where that is allowed.

    Behind a label ("Kik username: ") it may end as adjectives do; there, and where a name is spoken of, it may be one that texts say.
    """
    if not (_PLAIN_CAPITAL if is_capital else _PLAIN).fullmatch(name) or not END.match(text, end):
        return False
    word = name.lower()
    if is_said(name) or (is_heard(word) and not (is_label or is_named)):
        return False
    return is_label or not (word.endswith(tuple(words("nobody", "endings"))) or is_participle(word))


def is_participle(word: str) -> bool:
    """Whether a word in lower case ends and begins as participles do: ``verhuisd``."""
    return _PARTICIPLE.fullmatch(word) is not None
