"""The last look at a reading before other rooms store it: every text is one that PostgreSQL and UTF-8 can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from grace.sdk.intake import Attachment, Claim, Passage, Person, Reading, Report
from grace.sdk.text import storable


def storable_reading(reading: Reading) -> Reading:
    """The reading with no NUL and no lone surrogate in it; the same object where it had none, which is nearly always."""
    return reading if _is_storable("".join(_texts(reading.report))) else _cleaned(reading)


def _is_storable(text: str) -> bool:
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _texts(report: Report) -> Iterator[str]:
    """Every text of the report, in few pieces: this runs for each document, so it is written out, field by field."""
    yield f"{report.format}{report.issuer}{report.number}{report.sender}{report.path}{report.service}{report.received_at}{report.incident_type}"
    yield f"{report.incident_at}{report.incident_time_note}{report.escalated}"
    yield from report.annotations
    yield from report.prior_numbers
    yield from _pairs(report.facts)
    yield from [leaf.path for leaf in report.leaves]
    yield from [leaf.value for leaf in report.leaves]
    yield from [f"{note.code}{note.path}{note.text}" for note in report.notes]
    yield from _said(report.claims, report.passages)
    for person in report.persons:
        yield from _person(person)
    for file in report.attachments:
        yield from _file(file)


def _person(person: Person) -> Iterator[str]:
    yield person.path
    yield from _pairs(person.fields)
    yield from _said(person.claims, person.passages)


def _file(file: Attachment) -> Iterator[str]:
    yield f"{file.path}{file.name}{file.original_name}{file.sender_file_id}{file.classification}{file.relevance}{file.uploaded_at}"
    yield from file.tags
    yield from _pairs(file.digests)
    yield from _pairs(file.fields)
    yield from _said(file.claims, file.passages)


def _said(claims: Iterable[Claim], passages: Iterable[Passage]) -> Iterator[str]:
    for claim in claims:
        yield f"{claim.value}{claim.path}{claim.event}{claim.at}{claim.port}{claim.service}{claim.label}"
        yield from _pairs(claim.facts)
    for passage in passages:
        yield f"{passage.path}{passage.about}"
        yield passage.text


def _pairs(mapping: Mapping[str, str]) -> Iterator[str]:
    yield from mapping
    yield from mapping.values()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return storable(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(item) for item in value)
    if isinstance(value, Mapping):
        return {storable(key): storable(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _cleaned(getattr(value, field.name)) for field in fields(value)})
    return value
