"""A mere word as the value of a service's key in a record of somebody: ``{"user": 20447, "discord": "bluekites"}``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers.in_text.hits import lowered
from grace.identifiers.in_text.names import NAME_HERE, Look, is_plain_name, look_of
from grace.identifiers.in_text.nears import Around, Told
from grace.identifiers.in_text.words import words

_VALUE = re.compile(r"[\"']\s?:\s?[\"']")
_KEYS = re.compile(r"[\"']([^\W\d_][\w.-]{1,24})[\"']\s?:")
_REACH, _LEAST = 400, 6
_OF_PEOPLE = words("names", "fields", "people", "record")


def keyed(around: Around) -> Iterator[Told]:
    """Words that stand as values of services' keys, where another key of the object speaks of a person."""
    text = around.text
    for mention in around.every:
        value = _VALUE.match(text, mention.end) if text[max(0, mention.start - 1) : mention.start] in {'"', "'"} else None
        found = NAME_HERE.match(text, value.end()) if value and not mention.service.plain else None
        if found is None or look_of(found["name"]) is not Look.WORD or len(found["name"]) < _LEAST:
            continue
        is_name = is_plain_name(text, found["name"], found.end(), is_capital=True, is_label=False)
        if is_name and text[found.end() : found.end() + 1] in {'"', "'"} and _is_of_somebody(text, mention.start):
            yield found, mention.service


def _is_of_somebody(text: str, at: int) -> bool:
    start, end = text.rfind("{", max(0, at - _REACH), at), text.find("}", at, at + _REACH)
    return start >= 0 and _OF_PEOPLE.any(_KEYS.findall(lowered(text[start : end if end > 0 else at + _REACH])))
