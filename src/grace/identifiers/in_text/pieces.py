"""Names in bios and lists whose pieces hold a service with a name and nothing else: ``Twitch kitefly | pinterest kiteflyworkshop``.

A piece must not stand alone: another name, an address or a wallet says that contacts are listed. A mere word must be made as another name or
address of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from grace.identifiers.in_text.hits import LETTER, lowered, words_before
from grace.identifiers.in_text.mentions import Mention
from grace.identifiers.in_text.names import (
    NAME_HERE,
    SYMBOLS,
    Look,
    has_no_said_part,
    is_behind_at,
    is_host,
    is_letters_then_digits,
    is_plain_name,
    look_of,
    shares_letters,
)
from grace.identifiers.in_text.nears import Around, Told
from grace.identifiers.in_text.words import words

_DIVIDER = rf"[\n|,;/\"\u201c\u201d\u201e\u00ab\u00bb({SYMBOLS}]"
_CLOSER = _DIVIDER.replace("(", "")
_BEFORE = re.compile(
    rf"(?:^|{_DIVIDER}|[.!?:]\s|\s[-~+&]\s|\s(?:{words('names', 'also').pattern()})\s)(?P<said>[^\S\n]*(?:[*>#+-]{{1,3}}[^\S\n])?(?:[{LETTER}'\u2019]{{1,14}}[^\S\n]){{0,2}})$"
)
_SEP = re.compile(rf"[^\S\n]?(?:[:=>~{SYMBOLS}-]{{1,3}})?[^\S\n]{{0,2}}(?=[\w@])")
_AFTER = re.compile(rf"[^\S\n]*(?:$|{_CLOSER}|[.!)](?:\s|$)|[-~+&][^\S\n]|(?:{words('names', 'also').pattern()})[^\S\n])")
_CONTACT = re.compile(r"[\w.+-]@\w|://|\bwww\.|(?<![\w@])@\w|\+[0-9][0-9 ]{7}|\b0[0-9]{2,4}[ /-][0-9]{3}|\b(?:[13]|bc1|D)[A-Za-z0-9]{25}")
_LETTERED = re.compile(r"[\w.+-]*[\w+-](?:@[\w.-]{3,60})|(?:://|www\.)[\w.-]{3,60}(?:/[\w.-]{3,40})?|@[\w.-]{4,40}|[\w-]{2,}[._][\w.-]{2,}")
_NAMES = words("names", "names")
_LEADS = words("names", "on", "links", "mine", "calls", "names")
_REACH, _MOST_BEFORE, _NEAR, _BESIDE = 320, 48, 6, 8
_LONG, _LEAST, _LEAST_COMMON = 11, 6, 4
_CAMEL_PART = re.compile(r"[A-Z][a-z]{2,}")


def pieces(around: Around) -> Iterator[Told]:
    """Names in pieces of a list that have none yet."""
    text = around.text
    every = ((mention, _piece(text, mention)) for mention in around.every if not around.found(mention.start, mention.end + _NEAR))
    bare = [(mention, found) for mention, found in every if found and not around.found(mention.start, found.end())]
    shaped = [found["name"] if look_of(found["name"]) > Look.WORD else "" for _, found in bare]
    for at, (mention, found) in enumerate(bare):
        others = [*shaped[max(0, at - _BESIDE) : at], *shaped[at + 1 : at + _BESIDE]]
        start, end = max(0, mention.start - _REACH), min(len(text), found.end() + _REACH)
        is_listed = (
            len(around.found(start, end)) > 0 or _CONTACT.search(text, start, mention.start) or _CONTACT.search(text, found.end(), end)
        )
        if (is_listed or len(bare) > 1) and _is_name(text, (mention, found), others, (start, end), is_listed=bool(is_listed)):
            yield found, mention.service


def _piece(text: str, mention: Mention) -> re.Match[str] | None:
    """What may be the name in a piece that holds a service and nothing else."""
    sep = _SEP.match(text, mention.end)
    found = NAME_HERE.match(text, sep.end()) if sep and sep[0] not in {"", "-"} else None
    if found is None or found["tag"] or not _AFTER.match(text, found.end()):
        return None
    before = _BEFORE.search(text, max(0, mention.start - _MOST_BEFORE), mention.start)
    is_led = before is not None and all(word in _LEADS for word in lowered(before["said"]).strip(" \t*>#+-").split())
    return found if is_led else None


def _is_name(text: str, told: tuple[Mention, re.Match[str]], others: Iterable[str], room: tuple[int, int], *, is_listed: bool) -> bool:
    mention, found = told
    name, look = found["name"], look_of(found["name"])
    if found["at"]:
        return is_behind_at(name) and look > Look.WORD
    if name.isupper() or look is Look.NONE or not has_no_said_part(name):
        return False
    if look is Look.WORD:
        is_free = not mention.service.plain and len(name) >= _LEAST
        return is_free and is_plain_name(text, name, found.end(), is_capital=True, is_label=True) and _is_alike(text, found, room, others)
    if look is Look.MIXED:
        is_camel = len(_CAMEL_PART.findall(name)) > 1 and name.isalpha()
        is_named = not mention.service.plain or _NAMES.any(words_before(text, mention.start)[:1])
        return is_listed and is_named and (is_camel or is_letters_then_digits(name))
    return is_listed and (look is Look.UNDERSCORED or not is_host(name))


def _is_alike(text: str, found: re.Match[str], room: tuple[int, int], others: Iterable[str]) -> bool:
    """Whether another name or address around is made as this word."""
    others = list(others) + [each[0] for each in _LETTERED.finditer(text, *room) if not each.start() <= found.start() < each.end()]
    return shares_letters(found["name"], others, _LEAST_COMMON + (len(found["name"]) > _LONG))
