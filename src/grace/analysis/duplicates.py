"""Read clusters: which files of the viewer's unit belong together. What another unit holds plays no part in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer

_SIZES = """
SELECT c.file_id, (
    SELECT count(*) FROM analysis_clustered o JOIN evidence_holding h ON h.file_id = o.file_id AND h.unit_id = o.unit_id
    WHERE o.unit_id = c.unit_id AND o.centre = c.centre
)
FROM analysis_clustered c WHERE c.unit_id = %s AND c.file_id = ANY(%s)
"""
_MEMBERS = """
SELECT o.file_id, f.sha256, f.media_type, h.since, f.id = o.centre
FROM analysis_clustered c
JOIN analysis_clustered o ON o.unit_id = c.unit_id AND o.centre = c.centre
JOIN evidence_holding h ON h.file_id = o.file_id AND h.unit_id = o.unit_id
JOIN evidence_file f ON f.id = o.file_id
WHERE c.unit_id = %s AND c.file_id = %s
ORDER BY h.since, o.file_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a cluster; ``is_centre`` for the one that all others are near."""

    file_id: UUID
    sha256: bytes
    media_type: str
    since: datetime
    is_centre: bool


def sizes(viewer: Viewer, files: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many files, itself among them, the cluster of each of these has; those in no cluster are left out."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SIZES, [viewer.unit_id, list(files)])
        return dict(cursor.fetchall())


def members(viewer: Viewer, file_id: UUID, most: int) -> list[Member]:
    """The files of the cluster of a file, those first that are held longest; none where it is in no cluster."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_MEMBERS, [viewer.unit_id, file_id, most])
        return [Member(file, bytes(sha256), *rest) for file, sha256, *rest in cursor.fetchall()]
