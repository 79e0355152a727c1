"""What is known of a file without opening it: a consultation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence.models import Examination, Holding
from grace.kernel.errors import Missing
from grace.pipeline.consult import consult


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Digests and fingerprints in hexadecimal; ``decoded`` is None where the file was not examined yet."""

    id: UUID
    sha256: str
    sha1: str
    md5: str
    size: int
    media_type: str
    held_since: datetime
    decoded: bool | None
    fingerprints: dict[str, str]


def file_facts(viewer: Viewer, file_id: UUID) -> FileFacts:
    """The facts of a file that the viewer's unit holds. Raises ``Missing`` for any other."""
    return consult(viewer, "file.read", lambda: _facts(viewer, file_id), lambda found: [f"file:{found.sha256}"])


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
    )
