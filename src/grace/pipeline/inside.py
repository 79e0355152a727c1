"""What archives hold, as pages show it: the members of one, the places of a file in others, and the members behind a referral's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from grace.accounts.viewer import Viewer
from grace.analysis import findings
from grace.evidence import holdings, members
from grace.evidence.access import SHOWN
from grace.evidence.members import Inside
from grace.evidence.models import Archive, File, Fingerprint, Member
from grace.matching import matches
from grace.matching.digests import PDQ, Digest
from grace.matching.weigh import Standing, standing_of
from grace.pipeline.score import answers_about
from grace.referrals.attachments import INSIDE, Named
from grace.referrals.models import Attachment

A_PAGE = 50
MOST_PLACES = 10
"""Places of one file in archives that its page tells."""
MOST_ASKED = 500
"""Members of a referral's archives about which the lists are asked when it is shown; all of them count for its score."""
MOST_TILES = 24

_FIRST = (Standing.KNOWN, Standing.NEAR)


@dataclass(frozen=True, slots=True)
class Row:
    """A member, and what the lists say of its file; None where there is none."""

    member: Member
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Contents:
    """A page of an archive's members, by place; ``before`` and ``after`` are the first places of the pages beside it."""

    archive: Archive
    rows: Sequence[Row]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Holder:
    """An archive that a file came in: its digest, and what it is called, if anybody called it anything."""

    file_id: UUID
    sha256: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """The name at which a file stands in an archive, and the archives from that one outwards."""

    name: str
    holders: Sequence[Holder]


@dataclass(frozen=True, slots=True)
class Tile:
    """A file that came in an archive which a referral names by an attachment."""

    file: File
    standing: Standing
    attachment: Attachment
    findings: int
    length: int | None


def contents(viewer: Viewer, file_id: UUID, start: int = 0, most: int = A_PAGE) -> Contents | None:
    """The members of a file from place ``start`` on; None where it is no archive that anybody began to unpack."""
    archive = members.archive_of(file_id)
    if archive is None:
        return None
    found = members.page(viewer, file_id, start=start, most=most + 1)
    standings = _standings(viewer, [each.file for each in found[:most] if each.file])
    rows = [Row(each, standings.get(each.file_id) if each.file_id else None) for each in found[:most]]
    return Contents(archive, rows, max(0, start - most) if start else None, found[most].place if len(found) > most else None)


def places(viewer: Viewer, file_id: UUID, names: Mapping[UUID, str]) -> list[Place]:
    """Where a file stands in archives of the viewer's unit; ``names`` are what a referral calls its files."""
    return [Place(each.name, _outwards(viewer, each, names)) for each in members.places(viewer, file_id, most=MOST_PLACES)]


def tiles(viewer: Viewer, attachments: Sequence[Attachment]) -> tuple[list[Tile], int]:
    """The files that came in these attachments, those that lists know first, then pictures and videos, at most :data:`MOST_TILES`; and how many there are."""
    own = {each.file_id: each for each in attachments if each.file_id}
    found = members.inside(own)
    held = {each.file_id: own[archive] for archive, some in found.items() for each in some if each.file_id not in own}
    asked = holdings.which(
        viewer, _foremost(viewer, {each.file_id: each for some in found.values() for each in some if each.file_id in held})
    )
    files = {each.id: each for each in File.objects.filter(id__in=asked)}
    standings = _standings(viewer, list(files.values()))
    shown = sorted(files, key=lambda file: (standings[file] not in _FIRST, not _is_seen(files[file]), held[file].ordinal, file))[
        :MOST_TILES
    ]
    seen, lengths = findings.kinds_of(shown), findings.lengths_of(shown)
    made = [Tile(files[file], standings[file], held[file], seen[file].total() if file in seen else 0, lengths.get(file)) for file in shown]
    return made, len(held)


def _foremost(viewer: Viewer, held: Mapping[UUID, Inside]) -> list[UUID]:
    """Of more files than the lists are asked about: those of which something was found before, then pictures and videos."""
    if len(held) <= MOST_ASKED:
        return list(held)
    questions = [(file, Digest(name, value)) for file, each in held.items() for name, value in each.digests.items()]
    prints = Fingerprint.objects.filter(file_id__in=held, algorithm=PDQ).values_list("file_id", "value")
    questions += [(file, Digest(PDQ, bytes(value))) for file, value in prints]
    known = matches.found(viewer, list({digest for _, digest in questions}))
    was_found = {file for file, digest in questions if digest in known}
    seen = {file for file, kind in File.objects.filter(id__in=held).values_list("id", "media_type") if kind.startswith(SHOWN)}
    return sorted(held, key=lambda file: (file not in was_found, file not in seen, file))[:MOST_ASKED]


def _is_seen(file: File) -> bool:
    return file.media_type.startswith(SHOWN)


def _standings(viewer: Viewer, files: Sequence[File]) -> dict[UUID, Standing]:
    named = [Named(each.id, each.id, INSIDE, None, None, {}) for each in files]
    return {key: standing_of(answers) for key, answers in answers_about(viewer.unit_id, named).items()}


def _outwards(viewer: Viewer, member: Member, names: Mapping[UUID, str]) -> list[Holder]:
    told: list[Holder] = []
    place: Member | None = member
    while place and len(told) < members.MOST_DEPTH:
        archive = place.archive
        outer = next(iter(members.places(viewer, archive.archive_id, most=1)), None)
        called = names.get(archive.archive_id)
        told.append(Holder(archive.archive_id, bytes(archive.archive.sha256), called or (outer.name if outer else "")))
        place = None if called else outer
    return told
