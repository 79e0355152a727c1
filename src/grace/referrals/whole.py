"""The rows of all versions that stand, as one: persons by part and place, files by digest or name, sightings once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from grace.intake.pairs import paired
from grace.referrals.models import Attachment, Person, Sighting

Rows = tuple[list[Person], list[Sighting], list[Attachment]]

_CLAIMS = (
    "original_name",
    "sender_file_id",
    "md5",
    "sha1",
    "sha256",
    "pdq",
    "viewed",
    "publicly_available",
    "classification",
    "relevance",
    "uploaded_at",
)


def of(versions: Sequence[Rows]) -> Rows:
    """The rows of one referral, the newest version first; nothing of it is saved. Silence takes nothing away."""
    if len(versions) == 1:
        return versions[0]
    persons, attachments = _Persons(), _Attachments()
    sightings: dict[tuple[object, ...], Sighting] = {}
    for mine, theirs, files in versions:
        persons.add(mine)
        attachments.add(files)
        for each in theirs:
            each.person_id = persons.kept.get(each.person_id) if each.person_id else None
            each.attachment_id = attachments.kept.get(each.attachment_id) if each.attachment_id else None
            sightings.setdefault(_use(each), each)
    return list(persons.found.values()), list(sightings.values()), attachments.found


def _use(each: Sighting) -> tuple[object, ...]:
    event = (each.event or "").casefold()
    return each.person_id, each.attachment_id, each.identifier_id, event, each.at or each.at_written, each.port


class _Persons:
    """Persons by part and place among those in that part; ``kept`` says by which row a row is told."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int], Person] = {}
        self.kept: dict[UUID, UUID] = {}

    def add(self, persons: Sequence[Person]) -> None:
        for key, person in _placed(persons):
            first = self.found.setdefault(key, person)
            self.kept[person.id] = first.id
            first.fields = {**person.fields, **first.fields}


def _placed(persons: Sequence[Person]) -> Iterator[tuple[tuple[str, int], Person]]:
    counts: dict[str, int] = {}
    for person in persons:
        counts[person.role] = counts.get(person.role, 0) + 1
        yield (person.role, counts[person.role]), person


class _Attachments:
    """Files by MD5 or, where one names none, by name; ``kept`` as with persons."""

    def __init__(self) -> None:
        self.found: list[Attachment] = []
        self.kept: dict[UUID, UUID] = {}

    def add(self, attachments: Sequence[Attachment]) -> None:
        pairs, left = paired(self.found, attachments, lambda each: (each.md5 and bytes(each.md5), each.name))
        self.found = [first if second is None else _filled(first, second) for first, second in pairs] + left
        self.kept |= {second.id: first.id for first, second in pairs if second is not None} | {each.id: each.id for each in left}


def _filled(first: Attachment, second: Attachment) -> Attachment:
    """The first row, with what only the second says, and its bytes where only it has them."""
    if second.file_id and not first.file_id:
        first.file, first.state = second.file, second.state
    for name in _CLAIMS:
        if getattr(first, name) is None:
            setattr(first, name, getattr(second, name))
    first.tags = list(dict.fromkeys([*first.tags, *second.tags]))
    return first
