"""Whether four numbers with dots are an address of the network: versions, paragraphs, thousands and netmasks are written so too."""

from __future__ import annotations

import re
from operator import lt

from grace.identifiers.in_text.hits import words_before, words_behind
from grace.identifiers.in_text.words import words

_SMALL = 100
"""Where no number is larger a version is more likely than an address, for which a word must speak then."""
_LIKE_VERSIONS = (40, 40, 100)
"""Below these the first numbers are more often a version's than an address's; 10.0 begins addresses that anyone may use."""
_PADDED = 3
_MONEY = re.compile(rf"[^\S\n]?(?:{words('numbers', 'money').pattern()})(?!\w)", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"[$\u20ac\u00a3]\s?$")
_SIGNS_OF_VERSIONS = re.compile(r"[^\W\d]/$|\u00a7\s?$|[A-Za-z][-_]$|(?<![A-Za-z])(?:v|ver|rev)\s?=\s?$", re.IGNORECASE)
_BEHIND_VERSIONS = re.compile(
    r"-(?:alpha|beta|rc|dev|snapshot|release|final|stable|lts|pre|post|preview|build|patch|hotfix|ubuntu|debian|deb|el[0-9]|fc[0-9]|[rp][0-9]|g[0-9a-f]{6}|node)"
    r"|[+~][A-Za-z0-9]",
    re.IGNORECASE,
)
"""Endings of cases stand behind a hyphen too: ``203.0.113.5-ös``."""
_FIRST = re.compile(r"[0-9]{1,3}")
_DOTTED = re.compile(r"[0-9]+(?:\.[0-9]+)+")
_PAIR = re.compile(r"(?:\s?(?:->|=>|\u2192|\u2013|[A-Za-z]{1,4}\s)\s?[0-9]{1,5}(?:\.[0-9]{1,5}){3})?[\s,]?\s?[(\[]?")
_HEADING = re.compile(r"\n[ \t>*\u2022\u2013-]*$")
_SEPARATED = re.compile(r"(?:^|\w)[\s:=\[(<\"'>-]*$")
_NO, _NO_OF_SMALL, _NO_BEHIND, _SURE, _YES = (words("hosts", table) for table in ("no", "no_of_small", "no_behind", "sure", "yes"))
_BETWEEN, _BY_SIGN = words("hosts", "links"), words("hosts", "yes_by_sign")
_ALSO = words("names", "also")
_VERSIONS = ("version", "versionen", "versjon", "verzi\u00f3", "versie", "versio", "verze", "verzia", "verzija")
_REACH = 40
_LONGEST_HEADING = 30
_LIST = 12


def is_version(text: str, start: int, end: int, version_until: int, said: list[str]) -> bool:
    """Whether the words around say that these numbers count versions or paragraphs, or continue such a count."""
    before_sign = text[max(0, start - 7) : start]
    if _SIGNS_OF_VERSIONS.search(before_sign) or _BEHIND_VERSIONS.match(text, end):
        return not (_SURE.any(said[:1]) and _SEPARATED.search(text[max(0, start - 4) : start]))
    between = text[version_until:start] if version_until >= 0 and start - version_until <= _LIST else None
    if between is not None and all(
        word in _ALSO or word in _BETWEEN for word in between.lower().replace("->", " ").split() if word.isalpha()
    ):
        return True
    if said and said[0] in _SURE:
        return False
    first = _FIRST.match(text, start)
    is_large = first is not None and int(first[0]) >= _SMALL
    nearest = _nearest(said[:3], is_large=is_large)
    if nearest is None and _HEADING.search(text[max(0, start - 8) : start]):
        above = text[max(0, start - _REACH) : start].rstrip(" \t>*\u2022\u2013-\n")[-_LONGEST_HEADING:].rpartition("\n")[2]
        nearest = _nearest(words_before(above, len(above))[:2], is_large=is_large)
    if nearest is None:
        behind = _PAIR.match(text, end)
        return _NO_BEHIND.any(words_behind(text, behind.end() if behind else end)[:1])
    return not nearest


def _nearest(said: list[str], *, is_large: bool) -> bool | None:
    """What the nearest word that speaks of either says: addresses (True) or versions (False)."""
    return next((told for told in (_says(word, is_large=is_large) for word in said) if told is not None), None)


def _says(word: str, *, is_large: bool = False) -> bool | None:
    """Whether a word speaks of addresses (True), of versions (False) or of neither."""
    parts = word.split("-")
    if word in _SURE or any(part in _SURE for part in parts):
        return True
    if word in _NO or word.endswith(_VERSIONS) or any(part in _NO for part in parts):
        return False
    if not is_large and word in _NO_OF_SMALL:
        return False
    return True if word in _YES or word in _BY_SIGN else None


def said_before(text: str, start: int) -> list[str]:
    """The words before, back to the last number with dots: what is said before it is said of it."""
    part = text[max(0, start - _REACH) : start]
    numbers = list(_DOTTED.finditer(part))
    return words_before(part, len(part), reach=_REACH if not numbers else len(part) - numbers[-1].end())


def is_said_to_be_one(text: str, address_until: int, start: int) -> bool:
    """Whether nothing but "and" parts these numbers from an address."""
    between = text[address_until:start]
    return len(between) <= _LIST and all(word in _ALSO for word in re.findall(r"\w+", between.lower())) and between.strip() != ""


def is_address(text: str, start: int, end: int, written: str, said: list[str], *, is_port: bool) -> bool:
    """Whether four numbers that no word calls a version are an address."""
    parts = written.split(".")
    if _MONEY.match(text, end) or _MONEY_BEFORE.search(text[max(0, start - 2) : start]):
        return False
    is_sure = _SURE.any(_parts(said)[:4])
    is_padded = any(len(part) > 1 and part[0] == "0" for part in parts)
    if is_padded and not all(len(part) == _PADDED for part in parts):
        is_by_three = all(part[0] != "0" or len(part) == _PADDED for part in parts if len(part) > 1)
        is_behind_sign = text[max(0, start - 3) : start].rstrip()[-1:] in {"=", ":"}
        return is_sure or (is_by_three and is_behind_sign and int(parts[0]) >= _SMALL)  # camera = 198.51.100.058
    if all(len(part) == _PADDED for part in parts[1:]) and (len(parts[0]) < _PADDED or parts[-1] == "000"):
        return is_told(text, end, said)  # as thousands are parted: 1.200.150.250
    numbers = [int(part) for part in parts]
    is_like_a_version = all(map(lt, numbers, _LIKE_VERSIONS)) and numbers[:2] != [10, 0]
    if is_sure or is_port or (max(numbers) >= _SMALL and not is_like_a_version):
        return True
    if max(numbers) >= _SMALL and _YES.any(said[:3]):
        return True
    return _is_beside(text, start, said) or _SURE.any(words_behind(text, end)[:1])


def _parts(said: list[str]) -> list[str]:
    """The words and the parts of those that are joined: ``Login-IP``."""
    return [part for word in said for part in (word, *word.split("-")[1:])]


def _is_beside(text: str, start: int, said: list[str]) -> bool:
    """Whether a word like "ping", or one like "client" and a sign, stands right before."""
    separator = _SEPARATED.search(text[max(0, start - 5) : start])
    return separator is not None and (_YES.any(said[:1]) or (_BY_SIGN.any(said[:1]) and not separator[0][1:].isspace()))


def is_told(text: str, end: int, said: list[str]) -> bool:
    """Whether a word around says that this is an address."""
    if any(_says(word) for word in said[:4]):
        return True
    return text[end : end + 1] not in {".", ",", ";"} and (_SURE.any(words_behind(text, end)[:1]) or _YES.any(words_behind(text, end)[:1]))
