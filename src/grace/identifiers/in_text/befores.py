"""A name before its service: ``@kite on Instagram``, ``kite_77 (snap)``, ``kite_77 is my snap``, ``@kite - Insta``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from grace.identifiers.in_text.between import Link, Way, link_of
from grace.identifiers.in_text.hits import LETTER, lowered, words_before, words_behind
from grace.identifiers.in_text.mentions import Mention
from grace.identifiers.in_text.names import (
    END,
    NAME,
    SYMBOLS,
    Look,
    is_alike,
    is_behind_at,
    is_counted,
    is_host,
    is_kin,
    is_letters_then_digits,
    is_letters_then_digits_alone,
    is_plain,
    is_plain_name,
    look_of,
    squeezed,
)
from grace.identifiers.in_text.words import words

_REACH = 70
_NAME_END = re.compile(
    rf"(?<![{LETTER}_.@#/-])(?P<at>@?)(?P<name>{NAME})(?P<tag>#[0-9]{{4,5}})?(?P<close>[\"'`*\u201d\u201c\u00bb)\]]{{0,3}})[{SYMBOLS}]{{0,4}}$"
)
_CHUNK = re.compile(r"[^\s(\[{]{1,48}")
_ENDS = frozenset("?!.")
_BLANK = re.compile(r"\s")
_OPENING = " \t\"'*_>\u2022\u201c\u201e\u00ab-"
_MARK = re.compile(r"[@_0-9]|[^\W_]\.[^\W_]|[a-z\u00df-\u00ff\u0430-\u045f\u03ac-\u03ce][A-Z\u00c0-\u00de\u0410-\u042f\u0386-\u03ab]")
"""What every name that may stand before its service has in it: a mere word is none there."""
_WORD_WITHIN = re.compile(r" [^\W\d_]{2,12}\)")
"""What may follow a service in brackets: ``(Instagram DM)``."""
_WORD_BEFORE = re.compile(r"[:\"'`\u201c\u201d\u201e\u00ab]\s?[A-Za-z-]{4,40}[\"'`\u201d\u201c\u00bb]?\s?\($")
"""A mere word that a sign or quotes set off, and the bracket in which its service stands."""
_OWN = re.compile(r"[^\S\n]?[:=]?[^\S\n]@?(\w[\w.-]{3,40})")
"""What a service has behind it: a name that begins as the word before it makes that word none."""
_PAIR = re.compile(
    rf"\s?(?:[,;/&+]\s|[,;]?\s(?:{words('names', 'also', 'pair').pattern()})\s)[\"'\u201e\u00ab]?(?P<at>@?)(?P<name>{NAME})(?P<tag>)[\"'\u201c\u00bb]?\s(?:{words('names', 'on').pattern()})\s(?:(?:{words('names', 'articles').pattern()})\s)?",
    re.IGNORECASE,
)
"""From behind a service to the next: "*and kitefly on* Discord"."""
_MINE, _NAMES, _STOPS = words("names", "mine", "calls"), words("names", "names"), words("names", "stops")
_AS, _NAMING, _FIELDS, _PERSONS = (words("names", table) for table in ("as", "naming", "fields", "persons"))
_PROGRAMS = words("nobody", "programs")
_LONG_THEN_DIGITS = re.compile(r"[A-Za-z]{7,}(?!(?:19|20)[0-9]{2}$)")
_WITH, _TO_YOU, _SELLERS = (words("names", table) for table in ("with", "to_you", "sellers"))
_POSTED = words("names", "posted")
_DEVICES = words("names", "counted", "devices")
_MINE_OR_NAMES = words("names", "mine", "names", "naming")


class _Place(NamedTuple):
    """A service with the line before it, and what is known of other names."""

    text: str
    line: str
    mention: Mention
    kin: frozenset[str]


def name_before(text: str, mention: Mention, least: int, kin: frozenset[str] = frozenset()) -> tuple[int, re.Match[str]] | None:
    """The name that stands before a service and belongs to it, with the place where its line begins; not before ``least``."""
    from_ = max(least, mention.start - _REACH)
    is_any = bool(kin) or (text[mention.start - 1 : mention.start] == "(" and _WORD_BEFORE.search(text, from_, mention.start) is not None)
    if not is_any and not _MARK.search(text, from_, mention.start):
        return None
    if least < from_ and not text[from_ - 1].isspace():  # no part of a word that begins before
        blank = _BLANK.search(text, from_, mention.start)
        from_ = blank.end() if blank else mention.start
    line = text[from_ : mention.start].rpartition("\n")[2]
    place = _Place(text, line, mention, kin)
    for chunk, end, link in _proposed(line, is_any=is_any):
        found = _NAME_END.search(line, chunk, end)
        told = _settled(place, found, link) if found else None
        if found and told and _is_name(place, found, told):
            return mention.start - len(line), found
    return None


def _settled(place: _Place, found: re.Match[str], link: Link | None) -> Link | None:
    """The link, once it is known what stands before the name and behind the service."""
    if link and link.way is Way.TO:
        around = [*words_before(place.line, found.start(), sentence=True)[:3], *words_behind(place.text, place.mention.end)[:2]]
        is_posted = _POSTED.any(around) and look_of(found["name"]) is Look.UNDERSCORED and not place.mention.service.plain
        link = Link(Way.ON) if is_posted else link.other
    return _is_whose(place) if link and link.way is Way.IS_WHAT else link


def _is_whose(place: _Place) -> Link:
    """The link of ``kite_77 e instagramul meu``: what stands behind the service, or in its ending, must say that it is one's own."""
    text, mention = place.text, place.mention
    is_mine = mention.is_inflected or _MINE.any([lowered(text[mention.start : mention.end]), *words_behind(text, mention.end)[:1]])
    return Link(Way.IS if is_mine else Way.OF)


def _proposed(line: str, *, is_any: bool) -> Iterator[tuple[int, int, Link]]:
    """Pieces without blanks, nearest first, behind which nothing stands but a link to the service."""
    if not is_any and not _MARK.search(line):
        return
    for chunk in list(_CHUNK.finditer(line))[:-9:-1]:
        if not is_any and not _MARK.search(chunk[0]):
            continue
        end = chunk.start() + len(chunk[0].rstrip(",:;|?!."))
        behind = line[end:].lstrip("?!.")
        if behind[1:2] == "\u00bb" and behind[0].isspace():
            behind = behind[2:]  # quotes of French have blanks within
        link = link_of(behind) if end > chunk.start() else None
        if link and (link.way is Way.BRACKET or line[end : end + 1] not in _ENDS):
            yield chunk.start(), end, link


def name_of_a_pair(text: str, name: tuple[int, int], first: Mention, mention: Mention) -> re.Match[str] | None:
    """The second of two names that are made alike: ``I'm KiteFlyer on Steam and kitefly on Discord``."""
    link = link_of(text[name[1] : first.start]) if name[1] < first.start <= name[1] + _REACH else None
    found = _PAIR.fullmatch(text, first.end, mention.start) if link and link.way is Way.ON and not link.strays else None
    return found if found and is_plain(found["name"]) and is_alike(text[slice(*name)], found["name"]) else None


class _Name(NamedTuple):
    """What may be a name: its look, and what is said before it."""

    name: str
    look: Look
    is_at: bool
    is_tagged: bool
    is_mine: bool
    is_named: bool
    is_closed: bool
    is_label: bool

    @property
    def is_led(self) -> bool:
        return self.is_mine or self.is_named


def _is_name(place: _Place, found: re.Match[str], link: Link) -> bool:
    """Before a service a name must look like one, or an ``@`` must stand before it."""
    if place.kin and (not link.strays or link.way is Way.WITHIN) and is_kin(found["name"], place.kin):
        own = _OWN.match(place.text, place.mention.end) if link.way is Way.SIGN and look_of(found["name"]) is Look.WORD else None
        return own is None or not squeezed(own[1]).startswith(squeezed(found["name"]))  # "Oliver - Roblox OliverKite - Discord oliver.kite"
    before = words_before(place.line, found.start(), sentence=True)
    is_mine = link.way is Way.IS or _MINE.any(before[:4])
    is_behind_colon = place.line[: found.start()].rstrip(" \t\"'").endswith(":")
    is_label = is_behind_colon and _FIELDS.any(before[:1]) and _is_no_saying(found["name"])
    is_sent = link.way is Way.ON and not link.strays and _WITH.any(before[:1])  # "a message from kite77 on Snapchat"
    is_person = is_behind_colon and _PERSONS.any(before[:1]) and is_letters_then_digits(found["name"])
    is_person = is_person or (is_sent and is_letters_then_digits_alone(found["name"]))
    is_named = is_person or _is_called(before) or (link.way is Way.LABEL and not before)
    seen = _Name(
        found["name"], look_of(found["name"]), bool(found["at"]), bool(found["tag"]), is_mine, is_named, bool(found["close"]), is_label
    )
    if link.way in {Way.NEAR, Way.SIGN, Way.WITHIN}:
        return _is_beside(place, seen, link)
    if link.way is Way.BRACKET and not seen.is_at and not _is_remark(place):
        return False  # a call in a program
    if link.strays and link.way is Way.ON:
        is_acting = not place.line[: found.start()].strip(_OPENING) and _TO_YOU.any(link.strays)
        return _is_past_strays(seen, link.strays) or (is_acting and _is_sure(seen))
    return _is_linked(place, seen, link)


def _is_sure(seen: _Name) -> bool:
    """Whether a name may stand first in what it did: "kite_77 sent you a message on Instagram"."""
    return seen.look is Look.UNDERSCORED or seen.is_at or (seen.look is Look.MIXED and is_letters_then_digits_alone(seen.name))


def _is_no_saying(name: str) -> bool:
    """Whether a word does not say how something is: "account: *suspended* (Kik)"."""
    return is_plain_name(name, name, len(name), is_capital=False, is_label=False)


def _is_called(before: list[str]) -> bool:
    """Whether the words before speak of a name: "user kite_77", "known as", "they call me"."""
    if before[:1] == ["id"] and _DEVICES.any(before[1:2]):
        return False
    return _SELLERS.any(before[:1]) or _NAMES.any(before[:3]) or _AS.any(before[:1]) or _NAMING.any(before[:2])


def _is_past_strays(seen: _Name, strays: tuple[str, ...]) -> bool:
    """``@kite wrote me yesterday on Instagram``."""
    if seen.is_at and _MINE_OR_NAMES.any(strays):
        return is_behind_at(seen.name)
    if seen.is_mine and seen.look is Look.MIXED and len(strays) == 1:
        return is_letters_then_digits(seen.name)  # "voeg kite77 toe op snap"
    is_led = seen.is_at or seen.is_named or ((seen.is_mine or seen.is_closed) and seen.look is Look.UNDERSCORED)
    return is_led and seen.look > Look.WORD and (seen.is_at or not _STOPS.any(strays))


def _is_linked(place: _Place, seen: _Name, link: Link) -> bool:
    """``kite_77 on snap``, ``kite_77 (snap)``, ``kite_77 is my snap``."""
    service = place.mention.service
    if link.way is Way.OF and not (seen.is_named or (seen.is_at and seen.look > Look.WORD)):
        return False
    if service.logs and not (seen.is_led or seen.is_at):
        return False
    if seen.is_tagged:
        return not is_counted(seen.name) and (service.tags or seen.is_mine or seen.is_at)
    if seen.look is Look.WORD and link.way is Way.BRACKET and seen.is_label:  # "Reported account: bluekites (Kik)"
        return is_plain(seen.name) and seen.name.lower() not in _PROGRAMS
    is_enclosed = seen.is_closed and link.way is Way.BRACKET
    if seen.look is Look.WORD and seen.is_closed and seen.is_named:  # user "bluekite" (Kik)
        return is_plain(seen.name) and seen.name.lower() not in _PROGRAMS
    return is_behind_at(seen.name) if seen.is_at else _looks_like_a_name(seen, is_led=seen.is_led or is_enclosed)


def _is_beside(place: _Place, seen: _Name, link: Link) -> bool:
    """Where no word like "on" leads from a name to its service; its ending may say it, as in ``kite_77 Telegramissa``."""
    text, mention = place.text, place.mention
    is_free = not mention.service.plain and END.match(text, mention.end) is not None and text[mention.end : mention.end + 1] != "?"
    if link.way is Way.WITHIN:
        is_free = is_free or (not mention.service.plain and _WORD_WITHIN.match(text, mention.end) is not None)
        is_first = place.line.lstrip().startswith(seen.name) or _MINE.any(link.strays)
        return is_free and (seen.look is Look.UNDERSCORED or (is_first and seen.look is Look.DOTTED and not is_host(seen.name)))
    if link.way is Way.SIGN:
        return (is_free or mention.is_inflected) and _is_apart(seen)
    if mention.is_inflected:
        is_name = is_behind_at(seen.name) if seen.is_at else _looks_like_a_name(seen, is_led=seen.is_led or link.is_more)
        return is_name or (is_free and not link.is_more and _is_marked(seen))
    is_sellers = seen.look is Look.UNDERSCORED and _SELLERS.any(words_before(place.line, place.line.rfind(seen.name))[:1])
    return (is_free or is_sellers) and not link.is_more and _is_marked(seen)


def _is_marked(seen: _Name) -> bool:
    """``kite_77 Insta``: with a mere blank between, more must speak for a name."""
    if seen.is_mine and seen.look is Look.MIXED and is_letters_then_digits_alone(seen.name):
        return True
    return seen.look is Look.UNDERSCORED or (seen.is_at and seen.look > Look.WORD)


def _is_remark(place: _Place) -> bool:
    """Whether a service alone stands in brackets."""
    return not place.mention.service.plain and place.text.startswith((")", "]", "}"), place.mention.end)


def _is_apart(seen: _Name) -> bool:
    """``@kite - Insta``, ``blue.kite | Insta``."""
    is_mixed = is_letters_then_digits(seen.name) and _LONG_THEN_DIGITS.match(seen.name) is not None
    return (
        is_mixed
        or (seen.is_at and is_behind_at(seen.name))
        or seen.look is Look.UNDERSCORED
        or (seen.look is Look.DOTTED and not is_host(seen.name))
    )


def _looks_like_a_name(seen: _Name, *, is_led: bool) -> bool:
    if seen.look is Look.DOTTED:
        return is_led or not is_host(seen.name)
    return seen.look is Look.UNDERSCORED or (seen.look is Look.MIXED and (is_led or is_letters_then_digits_alone(seen.name)))
