"""Several documents of one report as one: what any of them says, and where two say it, what the newest says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import TypeVar

from grace.intake.pairs import paired
from grace.sdk.intake import Attachment, Claim, Passage, Person, Report, Role

T = TypeVar("T")


def together(reports: Sequence[Report]) -> Report:
    """One report of all, the newest first. Silence takes nothing away: a field is empty only where all leave it empty.

    Persons are the same by part and place, files by MD5 or, where one of them has none, by name; claims and texts are
    united. ``format`` and ``path`` are the newest's.
    """
    return reduce(_joined, reports)


def _joined(newer: Report, older: Report) -> Report:
    return replace(
        newer,
        number=newer.number or older.number,
        sender=newer.sender or older.sender,
        service=newer.service or older.service,
        received_at=newer.received_at or older.received_at,
        incident_type=newer.incident_type or older.incident_type,
        incident_at=newer.incident_at or older.incident_at,
        incident_time_note=newer.incident_time_note or older.incident_time_note,
        escalated=newer.escalated if newer.escalated is not None else older.escalated,
        annotations=_once((*newer.annotations, *older.annotations)),
        bundled=newer.bundled or older.bundled,
        prior_numbers=_once((*newer.prior_numbers, *older.prior_numbers)),
        facts={**older.facts, **newer.facts},
        persons=_persons(newer.persons, older.persons),
        attachments=_files(newer.attachments, older.attachments),
        claims=_claims(newer.claims, older.claims),
        passages=_passages(newer.passages, older.passages),
    )


def _persons(newer: Sequence[Person], older: Sequence[Person]) -> tuple[Person, ...]:
    mine, theirs = dict(_placed(newer)), dict(_placed(older))
    return tuple(_person(mine.get(key), theirs.get(key)) for key in dict.fromkeys((*mine, *theirs)))


def _placed(persons: Iterable[Person]) -> Iterable[tuple[tuple[Role, int], Person]]:
    counts: dict[Role, int] = {}
    for person in persons:
        counts[person.role] = counts.get(person.role, 0) + 1
        yield (person.role, counts[person.role]), person


def _person(newer: Person | None, older: Person | None) -> Person:
    if newer is None or older is None:
        return newer or older or Person(Role.REPORTED, "")
    return replace(
        newer,
        fields={**older.fields, **newer.fields},
        claims=_claims(newer.claims, older.claims),
        passages=_passages(newer.passages, older.passages),
    )


def _files(newer: Sequence[Attachment], older: Sequence[Attachment]) -> tuple[Attachment, ...]:
    pairs, left = paired(newer, older, lambda each: (each.digests.get("md5", "").lower(), each.name))
    return (*(file if same is None else _file(file, same) for file, same in pairs), *left)


def _file(newer: Attachment, older: Attachment) -> Attachment:
    return replace(
        newer,
        name=newer.name or older.name,
        original_name=newer.original_name or older.original_name,
        sender_file_id=newer.sender_file_id or older.sender_file_id,
        digests={**older.digests, **newer.digests},
        viewed=newer.viewed if newer.viewed is not None else older.viewed,
        publicly_available=newer.publicly_available if newer.publicly_available is not None else older.publicly_available,
        classification=newer.classification or older.classification,
        relevance=newer.relevance or older.relevance,
        uploaded_at=newer.uploaded_at or older.uploaded_at,
        tags=_once((*newer.tags, *older.tags)),
        fields={**older.fields, **newer.fields},
        claims=_claims(newer.claims, older.claims),
        passages=_passages(newer.passages, older.passages),
    )


def _claims(newer: Sequence[Claim], older: Sequence[Claim]) -> tuple[Claim, ...]:
    return _distinct((*newer, *older), lambda each: (each.kind, each.value, each.service, each.event, each.at, each.port, each.mined))


def _passages(newer: Sequence[Passage], older: Sequence[Passage]) -> tuple[Passage, ...]:
    return _distinct((*newer, *older), lambda each: " ".join(each.text.split()))


def _once(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _distinct(items: Sequence[T], key: Callable[[T], object]) -> tuple[T, ...]:
    found: dict[object, T] = {}
    for item in items:
        found.setdefault(key(item), item)
    return tuple(found.values())
