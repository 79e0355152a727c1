"""Which referrals name a file: by its bytes, by an archive that it came in, or only by a digest of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence import members

MOST_COUNTED = 1_000

_MATCHING = """
SELECT DISTINCT ON (a.referral_id) a.referral_id, r.number, r.received_at, s.name AS sender, a.id AS attachment, (a.file_id IS NOT NULL) AS here
FROM (
    SELECT id FROM referrals_attachment WHERE file_id = ANY(%(files)s)
    UNION SELECT id FROM referrals_attachment WHERE md5 = ANY(%(md5)s)
    UNION SELECT id FROM referrals_attachment WHERE sha1 = ANY(%(sha1)s)
    UNION SELECT id FROM referrals_attachment WHERE sha256 = ANY(%(sha256)s)
    UNION SELECT id FROM referrals_attachment WHERE pdq = ANY(%(pdq)s)
) named
JOIN referrals_attachment a ON a.id = named.id
JOIN referrals_referral r ON r.id = a.referral_id AND r.unit_id = %(unit)s
JOIN referrals_version v ON v.id = a.version_id AND v.replaced_at IS NULL
JOIN intake_sender s ON s.id = r.sender_id
WHERE %(behind)s::uuid IS NULL OR a.referral_id < %(behind)s::uuid
ORDER BY a.referral_id DESC, (a.file_id IS NOT NULL) DESC, a.ordinal
LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class NamedBy:
    """A referral that names the file in a version that stands; ``here`` is False where it names only a digest."""

    referral_id: UUID
    number: int
    received_at: datetime
    sender: str
    attachment_id: UUID
    here: bool


def naming(
    viewer: Viewer, files: Sequence[UUID], digests: Mapping[str, bytes], *, most: int = MOST_COUNTED, behind: UUID | None = None
) -> list[NamedBy]:
    """Referrals of the viewer's unit that name one of the files or state one of the digests, newest first; those behind this one."""
    return naming_any(viewer, files, {name: [value] for name, value in digests.items()}, most=most, behind=behind)


def naming_any(
    viewer: Viewer,
    files: Sequence[UUID],
    digests: Mapping[str, Sequence[bytes]],
    *,
    most: int = MOST_COUNTED,
    behind: UUID | None = None,
) -> list[NamedBy]:
    """The same for many digests of each kind."""
    viewer.require(Capability.READ)
    values: dict[str, list[UUID] | list[bytes] | UUID | int | None] = {
        "files": members.with_archives(files) if files else [],
        "unit": viewer.unit_id,
        "most": most,
        "behind": behind,
        **{name: list(digests.get(name, ())) for name in ("md5", "sha1", "sha256", "pdq")},
    }
    with closing(connection.cursor()) as cursor:
        cursor.execute(_MATCHING, values)
        return [NamedBy(*row) for row in cursor]
