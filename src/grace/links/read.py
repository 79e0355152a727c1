"""Groups for a viewer of the unit: the list, one group with its senders, and the groups of referrals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Invalid, Missing
from grace.links.models import Group, Member

MOST_SENDERS = 100
MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A group in figures. ``accounts`` counts the persons and accounts reported, one report at a time; ``digest`` is hexadecimal."""

    id: UUID
    kind: str
    digest: str
    members: int
    accounts: int
    senders: int
    first_at: datetime | None
    last_at: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """That a referral belongs to a group, or did: ``split_at`` says since when no longer."""

    group: Told
    referral_id: UUID
    basis: str
    evidence: dict[str, Any]
    joined_at: datetime
    split_at: datetime | None
    split_because: str


_TOLD = """
SELECT g.id, g.kind, CASE WHEN g.kind = 'viral' THEN encode(g.key, 'hex') ELSE '' END, g.members, g.accounts,
       (SELECT count(*) FROM links_group_sender s WHERE s.group_id = g.id AND s.members > 0), g.first_at, g.last_at, g.made_at
"""
_ONE = f"{_TOLD} FROM links_group g WHERE g.id = ANY(%s) AND g.unit_id = %s"
_LIST = f"""{_TOLD} FROM links_group g
WHERE g.unit_id = %s AND g.members > 1 AND (g.members, g.id) < (%s, %s) ORDER BY g.members DESC, g.id DESC LIMIT %s"""
_SENDERS = """
SELECT s.id, s.name, g.members FROM links_group_sender g JOIN intake_sender s ON s.id = g.sender_id
WHERE g.group_id = %s AND g.members > 0 ORDER BY g.members DESC, s.name LIMIT %s
"""
_OF = """
SELECT m.group_id, m.referral_id, m.basis, m.evidence, m.joined_at, m.split_at, m.split_because
FROM links_member m WHERE m.referral_id = ANY(%s) ORDER BY m.joined_at, m.id
"""


def group(viewer: Viewer, group_id: UUID) -> Told:
    """A group of the viewer's unit. Raises ``Missing`` for any other; one that went up in another is that other."""
    viewer.require(Capability.READ)
    moved = Group.objects.filter(id=group_id, unit_id=viewer.unit_id).values_list("merged_into_id", flat=True).first()
    if moved:
        return group(viewer, moved)
    found = told(viewer, [group_id])
    if not found:
        raise Missing(_("There is no such group."))
    return found[group_id]


def told(viewer: Viewer, groups: Sequence[UUID]) -> dict[UUID, Told]:
    """Those of the groups that are of the viewer's unit."""
    viewer.require(Capability.READ)
    return {each.id: each for each in _rows(_ONE, [list(groups), viewer.unit_id])}


def page(viewer: Viewer, *, after: str = "", most: int = 50) -> tuple[list[Told], str]:
    """The groups of the viewer's unit, the largest first, behind the key ``after``; and the key of the next page, or nothing."""
    viewer.require(Capability.READ)
    most = max(1, min(most, MOST_GROUPS))
    members, key = _read_key(after)
    rows = _rows(_LIST, [viewer.unit_id, members, key, most + 1])
    return rows[:most], f"{rows[most - 1].members}.{rows[most - 1].id}" if len(rows) > most else ""


def senders(viewer: Viewer, group_id: UUID) -> list[tuple[UUID, str, int]]:
    """The senders of a group with how many of its members each sent, the most first, a hundred at most."""
    group(viewer, group_id)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SENDERS, [group_id, MOST_SENDERS])
        return list(cursor.fetchall())


def memberships(viewer: Viewer, referrals: Sequence[UUID]) -> list[Membership]:
    """The groups that referrals of the viewer's unit belong to, or were split off from."""
    viewer.require(Capability.READ)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF, [list(referrals)])
        rows = cursor.fetchall()
    groups = told(viewer, list({row[0] for row in rows}))
    return [Membership(groups[row[0]], row[1], row[2], _loaded(row[3]), *row[4:]) for row in rows if row[0] in groups]


def members_of(viewer: Viewer, group_id: UUID, most: int) -> list[UUID]:
    """Members of a group of the viewer's unit, the first that joined first, at most so many."""
    group(viewer, group_id)
    return list(Member.objects.filter(group_id=group_id, split_at=None).order_by("id").values_list("referral_id", flat=True)[:most])


def _rows(text: str, values: Sequence[Any]) -> list[Told]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(text, values)
        return [Told(*row) for row in cursor]


def _read_key(key: str) -> tuple[int, UUID]:
    if not key:
        return 2**31 - 1, UUID(int=2**128 - 1)
    number, _dot, group_id = key.partition(".")
    try:
        told_members, told_id = int(number), UUID(group_id)
    except ValueError as fault:
        raise Invalid(_("This page key was not made by the list of groups."), remedy=_("Start again at the first page.")) from fault
    if not 0 <= told_members < 2**31:
        raise Invalid(_("This page key was not made by the list of groups."), remedy=_("Start again at the first page."))
    return told_members, told_id


def _loaded(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value
