"""Names in records of other programs: cards of contacts, statements of SQL, pairs of keys and values in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers.in_text.hits import lowered
from grace.identifiers.in_text.mentions import Mention
from grace.identifiers.in_text.names import NAME_HERE, Look, is_behind_at, is_plain, look_of
from grace.identifiers.in_text.nears import Around, Told
from grace.identifiers.in_text.words import words

_CARD_KEYS = re.compile(r"(?:^|\n)(?:item[0-9]{1,2}\.)?(?P<key>x-[a-z-]{2,24}|impp|socialprofile)(?=[;:])", re.IGNORECASE)
_USER = re.compile(r"x-user(?:name)?=(?=[\w@])", re.IGNORECASE)
_SCHEME = re.compile(r"(?:x-apple|skype|xmpp|aim|msnim|icq|ymsgr|telegram|discord|[a-z]{3,12}):(?=[\w@])", re.IGNORECASE)
_SQL = re.compile(r"\b(?:set|where|and|or|values|having)\b[^\n;]*$", re.IGNORECASE)
_EQUALS = re.compile(r"[\"`\]]?\s?(?:=|like|<>|!=)\s?(?:E|N)?['\"](?=[\w@])", re.IGNORECASE)
_PAIR = re.compile(r"(?:^|[;&|,\t ])(?:name|username|user|handle|nick|login|acct|account)=(?P<quote>[\"']?)(?=[\w@])", re.IGNORECASE)
_KEYS = re.compile(r"(?:^|[;&|,\t ])([^\W\d_][\w.-]{0,24})=")
_OF_PEOPLE = words("names", "record", "people")
_PROGRAMS, _REACH, _LEAST = words("nobody", "programs"), 240, 5


def records(around: Around) -> Iterator[Told]:
    """Names in lines of records that a service is named in."""
    text = around.text
    if "BEGIN:" in text or "begin:" in text:
        yield from _of_cards(around)
    if "=" in text:
        for mention in around.every:
            found = _of_sql(text, mention) or _of_pairs(text, mention)
            if found and not around.found(found.start(), found.end()):
                yield found, mention.service


def _of_cards(around: Around) -> Iterator[Told]:
    """``X-SOCIALPROFILE;TYPE=twitter:kitefly``, ``IMPP;X-SERVICE-TYPE=Skype:skype:kitefly``."""
    text = around.text
    for key in _CARD_KEYS.finditer(text):
        start = key.start("key")
        end = text.find("\n", start)
        end = end if end >= 0 else len(text)
        named = around.named(start, min(end, start + _REACH))
        value = _USER.search(text, start, end)
        at = value.end() if value else text.find(":", start, end) + 1
        scheme = _SCHEME.match(text, at, end)
        at = scheme.end() if scheme and not text.startswith("//", scheme.end()) else at
        found = NAME_HERE.match(text, at, end) if named and at > start else None
        is_whole = found is not None and (value is not None or not text[found.end() : end].strip())
        if found and is_whole and look_of(found["name"]) > Look.NONE and not around.found(found.start(), found.end()):
            yield found, named[0].service


def _of_sql(text: str, mention: Mention) -> re.Match[str] | None:
    """``SET snap = 'kitefly'``."""
    equals = _EQUALS.match(text, mention.end)
    line = text[max(0, mention.start - _REACH) : mention.start].rpartition("\n")[2] if equals else ""
    found = NAME_HERE.match(text, equals.end()) if equals and _SQL.search(line) else None
    if found is None or text[found.end() : found.end() + 1] not in {"'", '"'} or mention.service.plain:
        return None
    return found if _may_be_a_name(found) else None


def _of_pairs(text: str, mention: Mention) -> re.Match[str] | None:
    """``service=discord;id=8841;name=kitefly;ip=…``: another key of the line must be of a person's record."""
    start = text.rfind("\n", max(0, mention.start - _REACH), mention.start) + 1
    end = text.find("\n", mention.end, mention.end + _REACH)
    end = end if end >= 0 else min(len(text), mention.end + _REACH)
    if text[mention.start - 1 : mention.start] != "=" and text[mention.start - 2 : mention.start] != '="':
        return None
    key = _PAIR.search(text, start, end)
    if key is None or not words("names", "labels").any(_KEYS.findall(lowered(text[start : mention.start]))[-1:]):
        return None
    others = [each for each in _KEYS.findall(lowered(text[start:end])) if each not in {"name", "username"}]
    found = NAME_HERE.match(text, key.end(), end) if _OF_PEOPLE.any(others) else None
    return found if found and _may_be_a_name(found) else None


def _may_be_a_name(found: re.Match[str]) -> bool:
    name, look = found["name"], look_of(found["name"])
    if look is Look.WORD:
        is_free = is_plain(name) and len(name) >= _LEAST and name.islower() and name not in _PROGRAMS
        return is_free and not name.endswith(tuple(words("nobody", "endings")))
    return look > Look.WORD and (not found["at"] or is_behind_at(name))
