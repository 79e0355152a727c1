"""From pairs to groups: what is linked to what is linked is one group, whichever pair was found first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.kernel.ids import new_id
from grace.links import members
from grace.links.definition import InForce
from grace.links.members import Joined, Joining


@dataclass(frozen=True, slots=True)
class Pair:
    """Two referrals that are linked, on which basis and by which evidence (told of each about the other)."""

    one: UUID
    other: UUID
    basis: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """Who joined which group, and which groups went up in another."""

    joined: list[Joined]
    merged: dict[UUID, UUID]


_MEMBERSHIPS = """
SELECT referral_id, group_id, split_at IS NOT NULL FROM links_member WHERE kind = %s AND referral_id = ANY(%s)
"""
_GROUPS = {
    "id": "uuid",
    "unit_id": "uuid",
    "kind": "text",
    "key": "bytea",
    "definition_id": "uuid",
    "spans": "jsonb",
    "members": "integer",
    "accounts": "integer",
    "made_at": "timestamptz",
}
_MOVE = """
WITH told AS MATERIALIZED (SELECT * FROM UNNEST(%(old)s::uuid[], %(new)s::uuid[]) AS told (old, new)),
moved AS (
    INSERT INTO links_member (group_id, referral_id, kind, basis, evidence, joined_at, split_at, split_by_id, split_because)
    SELECT t.new, m.referral_id, m.kind, m.basis, m.evidence, m.joined_at, m.split_at, m.split_by_id, m.split_because
    FROM links_member m JOIN told t ON t.old = m.group_id
    ON CONFLICT (group_id, referral_id) DO NOTHING RETURNING group_id, referral_id, split_at
), gone AS (
    DELETE FROM links_member m USING told t WHERE m.group_id = t.old
), emptied AS (
    UPDATE links_group g SET members = 0, accounts = 0, merged_into_id = t.new FROM told t WHERE g.id = t.old
), senders AS (
    DELETE FROM links_group_sender s USING told t WHERE s.group_id = t.old
)
SELECT group_id, referral_id FROM moved WHERE split_at IS NULL
"""


def components(pairs: Iterable[tuple[UUID, UUID]]) -> list[list[UUID]]:
    """The connected components of a graph given by its edges, each sorted, in the order of their smallest members."""
    above: dict[UUID, UUID] = {}

    def top(node: UUID) -> UUID:
        above.setdefault(node, node)
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for one, other in pairs:
        first, second = sorted((top(one), top(other)))
        above[second] = first
    found: dict[UUID, list[UUID]] = {}
    for node in sorted(above):
        found.setdefault(top(node), []).append(node)
    return sorted(found.values())


def connect(unit_id: UUID, kind: str, pairs: Sequence[Pair], rule: InForce, now: datetime) -> Merged:
    """Let the referrals of linked pairs be in one group each; groups that meet become one, the oldest of them.

    A referral that an officer split off from a group of this kind is left alone.
    """
    groups, split = _memberships(kind, pairs)
    usable = [pair for pair in pairs if pair.one not in split and pair.other not in split]
    edges = [(pair.one, pair.other) for pair in usable]
    edges += [(referral, group) for referral, group in groups.items() if referral not in split]
    known = set(groups.values())
    of_group: dict[UUID, UUID] = {}
    merged: dict[UUID, UUID] = {}
    made: list[UUID] = []
    for component in components(edges):
        present = [node for node in component if node in known]
        if len(component) == len(present):
            continue
        group = present[0] if present else new_id()
        made += [] if present else [group]
        merged |= dict.fromkeys(present[1:], group)
        of_group |= {node: group for node in component if node not in known}
    _make(unit_id, kind, made, rule, now)
    moved = _move(merged)
    by_referral = {referral: pair for pair in reversed(usable) for referral in (pair.other, pair.one)}
    joining = [_joining(referral, group, by_referral[referral]) for referral, group in of_group.items() if referral not in groups]
    joined = [*members.join(kind, joining, now), *moved]
    members.count(joined)
    return Merged(joined, merged)


def _memberships(kind: str, pairs: Sequence[Pair]) -> tuple[dict[UUID, UUID], set[UUID]]:
    asked = sorted({pair.one for pair in pairs} | {pair.other for pair in pairs})
    groups, split = {}, set()
    with closing(connection.cursor()) as cursor:
        cursor.execute(_MEMBERSHIPS, [kind, asked])
        for referral, group, is_split in cursor:
            if is_split:
                split.add(referral)
            else:
                groups[referral] = group
    return groups, split


def _joining(referral: UUID, group: UUID, pair: Pair) -> Joining:
    """The membership of a referral, by the first pair that speaks of it."""
    like = pair.other if pair.one == referral else pair.one
    return Joining(group, referral, pair.basis, {"like": str(like), **pair.evidence})


def _make(unit_id: UUID, kind: str, groups: Sequence[UUID], rule: InForce, now: datetime) -> None:
    if groups:
        rows = ((group, unit_id, kind, group.bytes, rule.id, "[]", 0, 0, now) for group in groups)
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql.insert_many("links_group", _GROUPS), sql.by_column(rows, len(_GROUPS)))


def _move(merged: Mapping[UUID, UUID]) -> list[Joined]:
    if not merged:
        return []
    old, new = sql.by_column(merged.items(), 2)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_MOVE, {"old": old, "new": new})
        return [Joined(*row) for row in cursor]
