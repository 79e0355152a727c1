"""What matching and priority need to know of a referral's files: digests, states, and how widespread they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

MOST_COUNTED = 1_000
REPORT = "report"
"""The state of an attachment that is the report itself in another form, such as its PDF: no file of the incident."""

_OF = """
SELECT a.referral_id, a.id, a.file_id, a.state, a.viewed, a.uploaded_at, a.md5, a.sha1, a.sha256, a.pdq
FROM referrals_attachment a
JOIN referrals_version v ON v.id = a.version_id
JOIN referrals_referral r ON r.id = a.referral_id AND r.versions = v.ordinal
WHERE a.referral_id = ANY(%s)
ORDER BY a.referral_id, a.ordinal
"""
_SPREAD = """
SELECT told.md5, counted.n FROM UNNEST(%s::bytea[]) AS told (md5), LATERAL (
    SELECT count(*) AS n FROM (SELECT 1 FROM referrals_attachment a WHERE a.md5 = told.md5 LIMIT %s) few
) counted
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A file as the newest version of a referral names it; ``digests`` by algorithm, raw."""

    id: UUID
    file_id: UUID | None
    state: str
    viewed: bool | None
    uploaded_at: datetime | None
    digests: Mapping[str, bytes]


def of(referrals: Sequence[UUID]) -> dict[UUID, list[Named]]:
    """The files of the newest version of each referral."""
    told: dict[UUID, list[Named]] = {referral: [] for referral in referrals}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF, [list(referrals)])
        for referral, key, file_id, state, viewed, uploaded_at, *digests in cursor:
            named = zip(("md5", "sha1", "sha256", "pdq"), digests, strict=True)
            told[referral].append(Named(key, file_id, state, viewed, uploaded_at, {name: bytes(value) for name, value in named if value}))
    return told


def spread(md5s: Iterable[bytes]) -> dict[bytes, int]:
    """How many times each MD5 is named by referrals of this agency, counted up to a thousand."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SPREAD, [sorted(set(md5s)), MOST_COUNTED])
        return {bytes(md5): number for md5, number in cursor}


def referrals_naming(files: Sequence[UUID], *, most: int) -> list[UUID]:
    """Referrals that name one of these files, the newest first, at most so many."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT DISTINCT referral_id FROM referrals_attachment WHERE file_id = ANY(%s) ORDER BY referral_id DESC LIMIT %s",
            [list(files), most],
        )
        return [row[0] for row in cursor]
