"""The states that a group's members concern: each member keeps its own."""

from __future__ import annotations

from contextlib import closing
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer

_OF_GROUP = """
SELECT told.recipient, count(*) FROM links_member m
JOIN casework_queue q ON q.referral_id = m.referral_id AND q.unit_id = %s
CROSS JOIN LATERAL jsonb_array_elements_text(q.recipients) AS told (recipient)
WHERE m.group_id = %s AND m.split_at IS NULL GROUP BY told.recipient ORDER BY count(*) DESC, told.recipient
"""


def of_group(viewer: Viewer, group_id: UUID) -> list[tuple[str, int]]:
    """Each recipient with how many members of a group of the viewer's unit concern it, the most first.

    The queue lists exactly those by ``Filters(group=…, state=…)``. A member that concerns two states counts for both.
    """
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF_GROUP, [viewer.unit_id, group_id])
        return list(cursor.fetchall())
