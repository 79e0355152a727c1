"""What a name at a service looks like, from ``kite_77`` (a name wherever it stands) down to a mere word."""

from __future__ import annotations

import re
from enum import IntEnum

from grace.identifiers.in_text.domains import top_level
from grace.identifiers.in_text.hits import LETTER, alternatives
from grace.identifiers.in_text.words import service_of, words

NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,38}[A-Za-z0-9_])?"
NAME_HERE = re.compile(rf"(?P<at>@?)(?P<name>(?:live:)?{NAME})(?P<tag>#[0-9]{{4}}(?![0-9]))?(?![{LETTER}_@]|\.[{LETTER}]|-[{LETTER}]|://)")
_ALSO_WORDS = alternatives(words("handles", "also"))
END = re.compile(
    rf"[\"'`*\u201d\u201c\u00bb\u00ab\u2019)\]>_]{{0,3}}\s*(?:[.,;!?)|/&+\u2022\u00b7]|$|\n| - |\u2013|\u2014|(?:{_ALSO_WORDS})\s)"
)
ALSO = re.compile(rf"[\"'`*\u201d\u00bb]{{0,2}}\s*(?:[,/&+|]|{_ALSO_WORDS})\s*[\"'`*\u201e\u00ab]{{0,2}}(?=@|{NAME})")
CLOSE = re.compile(r"[\"'`*\u201d\u201c\u00bb\u00ab\u2019)\]>]")
_UNDERSCORE = re.compile(r"[A-Za-z]\w*_\w|\w_\w*[A-Za-z]|_\w*[A-Za-z]|[A-Za-z]\w*_$")
_MIXED = re.compile(r"(?=.*[A-Za-z]{2})(?=.*[0-9]).{4,}")
_CAMEL = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,}){1,3}")
_DOTTED = re.compile(
    r"[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]+[.][A-Za-z0-9_.-]*[A-Za-z0-9_-]{2,}|[A-Za-z0-9_-]{2,}[.][A-Za-z0-9_.-]*[A-Za-z][A-Za-z0-9_-]+"
)
_COUNTED_FILE = alternatives(words("handles", "counted_files"))
_MEASURE = re.compile(
    rf"v?[0-9]+(?:[.:,-][0-9]+)*[A-Za-z]{{0,3}}|(?:{_COUNTED_FILE})[_.-]?[0-9][\w.-]*|[A-Za-z]{{1,3}}[0-9]{{1,2}}", re.IGNORECASE
)
_MEASURE_AT = re.compile(r"v?[0-9]+(?:[.:,-][0-9]+)*[A-Za-z]{0,3}", re.IGNORECASE)
_FILE = re.compile(rf".*\.(?:{alternatives(words('handles', 'files'))})", re.IGNORECASE)
_PACKAGE = re.compile(r"(?:com|org|net|io|www)\.", re.IGNORECASE)
_PLAIN = re.compile(r"[a-z]{4,24}")
_PLAIN_CAPITAL = re.compile(r"[A-Z]?[a-z]{3,24}(?:-[A-Za-z]{3,24})?")
_PARTICIPLE = re.compile(r"ge[a-z]+(?:t|en|d)")
_LETTERS_DIGITS = re.compile(r"[A-Za-z]{4,}[0-9]{1,4}")


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
    """The look of a name; what measures something (``1080p``), a file and a service's own name have none."""
    if _MEASURE.fullmatch(name) or _FILE.fullmatch(name) or _PACKAGE.match(name) or service_of(name.lower()):
        return Look.NONE
    if name.startswith("live:"):
        return Look.UNDERSCORED
    is_underscored, is_dotted = bool(_UNDERSCORE.search(name)), bool(_DOTTED.fullmatch(name))
    if is_underscored or is_dotted:
        parts = set(re.findall(r"[A-Za-z]+", name.lower()))
        if parts <= words("handles", "never"):  # server_2, photo_1
            return Look.NONE
        return Look.UNDERSCORED if is_underscored else Look.DOTTED
    if _MIXED.fullmatch(name) or _CAMEL.fullmatch(name):
        return Look.MIXED
    return Look.WORD if _PLAIN_CAPITAL.fullmatch(name) else Look.NONE


def is_behind_at(name: str) -> bool:
    """Whether a text behind an ``@`` may be somebody's name: no place, no time, no mark of a program."""
    return len(name) > 1 and not _MEASURE_AT.fullmatch(name) and name.lower() not in words("handles", "after_at") and name.lower() != "live"


def is_counted(name: str) -> bool:
    """Whether a number sign behind this word counts something: ``ticket#1234``."""
    return name.lower() in words("handles", "counted")


def is_host(name: str) -> bool:
    """Whether a dotted name ends as a host does."""
    return name.rpartition(".")[2].lower() in top_level()


def is_letters_then_digits(name: str) -> bool:
    """``kite77``, not ``nitro50``: letters that nobody would say of a service, then few digits."""
    letters = name.rstrip("0123456789").lower()
    return bool(_LETTERS_DIGITS.fullmatch(name)) and letters not in words("handles", "never") and letters not in words("handles", "models")


def is_plain_name(text: str, name: str, end: int, *, is_capital: bool, is_label: bool) -> bool:
    """A word that ends what is said and that nobody would say of a service; with a capital only where that is allowed.

    Behind a label ("Kik username: ") it may end as adjectives do.
    """
    if not (_PLAIN_CAPITAL if is_capital else _PLAIN).fullmatch(name) or not END.match(text, end):
        return False
    word = name.lower()
    if any(word in words("handles", table) for table in ("never", "links", "names", "mine", "naming", "stops", "on")):
        return False
    return is_label or not (word.endswith(tuple(words("handles", "endings"))) or _PARTICIPLE.fullmatch(word))
