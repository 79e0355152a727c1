"""What is known of a file without opening it: a consultation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence import holdings, members
from grace.evidence.models import Examination, Holding, Member
from grace.kernel.errors import Missing
from grace.pipeline.consult import consult

MOST_PLACES = 200
"""Places in archives that are told of one file."""


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """How far an archive was unpacked: places that became files, places that did not, whether all was looked at, and why not."""

    taken: int
    left_out: int
    ended: bool
    reason: str


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A place in an archive: its file, or why there is none. The name that stands there is told on the page only, once the referral is taken."""

    place: int
    file: UUID | None
    sha256: str | None
    media_type: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Digests and fingerprints in hexadecimal; ``decoded`` is None where the file was not examined yet.

    ``archive`` is None for a file that holds no others; ``came_in`` are the archives of the unit that the file came in.
    """

    id: UUID
    sha256: str
    sha1: str
    md5: str
    size: int
    media_type: str
    held_since: datetime
    decoded: bool | None
    fingerprints: dict[str, str]
    archive: ArchiveFacts | None
    came_in: list[UUID]


def file_facts(viewer: Viewer, file_id: UUID) -> FileFacts:
    """The facts of a file that the viewer's unit holds. Raises ``Missing`` for any other."""
    return consult(viewer, "file.read", lambda: _facts(viewer, file_id), lambda found: [f"file:{found.sha256}"])


def member_facts(viewer: Viewer, file_id: UUID, start: int, most: int) -> list[MemberFacts]:
    """The members of an archive that the viewer's unit holds, from place ``start`` on. Raises ``Missing`` for any other file."""

    def read() -> list[MemberFacts]:
        if not holdings.which(viewer, [file_id]) or members.archive_of(file_id) is None:
            raise Missing(_("There is no such archive."))
        return [_member(each) for each in members.page(viewer, file_id, start=start, most=most)]

    return consult(viewer, "file.read", read, lambda found: [f"file:{each.sha256}" for each in found if each.sha256])


def _member(member: Member) -> MemberFacts:
    file = member.file
    return MemberFacts(
        member.place,
        member.file_id,
        bytes(file.sha256).hex() if file else None,
        file.media_type if file else None,
        member.reason,
    )


def _archive(file_id: UUID) -> ArchiveFacts | None:
    found = members.archive_of(file_id)
    return ArchiveFacts(found.taken, found.left_out, found.ended_at is not None, found.reason) if found else None


def _facts(viewer: Viewer, file_id: UUID) -> FileFacts:
    viewer.require(Capability.READ)
    holding = Holding.objects.select_related("file").filter(file_id=file_id, unit_id=viewer.unit_id).first()
    if holding is None:
        raise Missing(_("There is no such file."))
    file = holding.file
    return FileFacts(
        id=file.id,
        sha256=bytes(file.sha256).hex(),
        sha1=bytes(file.sha1).hex(),
        md5=bytes(file.md5).hex(),
        size=file.size,
        media_type=file.media_type,
        held_since=holding.since,
        decoded=Examination.objects.filter(file=file).values_list("decoded", flat=True).first(),
        fingerprints={each.algorithm: bytes(each.value).hex() for each in file.fingerprints.all()},
        archive=_archive(file.id),
        came_in=sorted({each.archive_id for each in members.places(viewer, file.id, most=MOST_PLACES)}),
    )
