"""Identifiers in the free text of a report, whatever format it came in: a step between reading and normalising.

What is found here occurred in somebody's text and nothing more. It is shown, searched and linked under that label; it
never counts as what the sender states: no signal, floor or rule rests on it (``SightingFact.is_stated``), and it is no
part of the canonical fields in which documents about one referral are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import phonenumbers

from grace.identifiers import normal
from grace.sdk.intake import Kind, Note, Passage, Report, Role

if TYPE_CHECKING:
    from grace.identifiers.find import Found

MOST_IN_PASSAGE = 200
MOST_IN_REPORT = 500
MOST_CHARACTERS = 500_000
"""Characters that are searched in one report; a flood of text costs a second or two, never a worker."""
MOST_NOTES = 200
"""Passages of one report of which it is noted that they were not searched to their end."""

_SHORT, _REMEMBERED = 2_000, 512
"""Characters of a text that is remembered with what was found in it, and how many are."""

_NUMBERS = re.compile(r"[0-9](?:[ \u00a0./()-]{0,2}[0-9]){6}")
"""Without as many digits no text holds a telephone number, and the region need not be asked for."""

_PART = "This text holds more than the search for identifiers reads or lists; an officer reads the rest."


@dataclass(frozen=True, slots=True)
class InText:
    """What was found by passage, and notes on passages that were not searched to their end."""

    found: Mapping[Passage, tuple[Found, ...]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


_NOTHING = InText()


def search(report: Report) -> InText:
    """Look through every passage of the report, in the order of the document, as far as the bounds allow."""
    texts = dict.fromkeys(passages(report))
    if not texts:
        return _NOTHING
    region = region_of(report) if any(_NUMBERS.search(passage.text) for passage in texts) else None
    found: dict[Passage, tuple[Found, ...]] = {}
    notes: list[Note] = []
    characters, room = MOST_CHARACTERS, MOST_IN_REPORT
    for passage in texts:
        most = min(MOST_IN_PASSAGE, room)
        text = passage.text[:characters]
        hits = (_find_or_recall if len(text) <= _SHORT else _find)(text, region, most + 1)
        if (len(hits) > most or len(passage.text) > characters) and len(notes) < MOST_NOTES:
            notes.append(Note("text-searched-in-part", passage.path, _PART))
        if hits:
            found[passage] = hits[:most]
        characters = max(0, characters - len(passage.text))
        room -= min(len(hits), most)
    return InText(found, tuple(notes))


def _find(text: str, region: str | None, most: int) -> tuple[Found, ...]:
    """What the finder says."""
    from grace.identifiers.find import find  # two hundred expressions to compile: of all that starts, only what reads reports needs them

    return find(text, region=region, most=most)


_find_or_recall = lru_cache(maxsize=_REMEMBERED)(_find)
"""The same for short texts: senders say the same in many reports, and a report is read again for each of its versions."""


def passages(report: Report) -> Iterator[Passage]:
    """The free text of a report: of persons, of the incident, of files."""
    for person in report.persons:
        yield from person.passages
    yield from report.passages
    for file in report.attachments:
        yield from file.passages


def has_text(report: Report) -> bool:
    """Whether any of it says something."""
    return any(each.text.strip() for each in passages(report))


def region_of(report: Report) -> str | None:
    """The one state that stated phones and postal addresses name, those who report left out; None where they differ.

    It reads national telephone numbers in text: a wrong country would make a wrong person.
    """
    told = set(_regions(report))
    return told.pop() if len(told) == 1 else None


def _regions(report: Report) -> Iterator[str]:
    persons = [person for person in report.persons if person.role is not Role.SENDER]
    for person in persons:
        for name, value in person.fields.items():
            if name.startswith("address") and name.endswith(("country", "country_code")) and len(value.strip()) == 2:
                yield value.strip().upper()
    for claim in [*report.claims, *(claim for person in persons for claim in person.claims)]:
        if claim.kind is Kind.PHONE and not claim.mined:
            number = normal(Kind.PHONE, claim.value, region=claim.facts.get("country_calling_code"))
            region = _region_of(number) if number else None
            if region:
                yield region


def _region_of(number: str) -> str | None:
    region: str | None = phonenumbers.region_code_for_number(phonenumbers.parse(number.partition(";")[0]))
    return region
