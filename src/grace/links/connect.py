"""Connecting what waits: a batch of referrals is taken away and joins its groups, in the caller's transaction.

What is taken away and what it leads to are written together, so that a crash loses nothing and does nothing twice. Batches of
one unit follow one another: whoever comes second waits, and finds little left to do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.links import again, alike, bear, bundles, circles, definition, members, merge, taken, viral
from grace.links.circles import Changes
from grace.links.members import Joined
from grace.links.models import Kind


@dataclass(frozen=True, slots=True)
class Connected:
    """What a batch led to: how many were looked at, who joined which group of which kind, which groups went up in which other; the circles."""

    looked_at: int
    joined: Mapping[Kind, list[Joined]]
    merged: Mapping[UUID, UUID]
    circles: Changes


def connect(unit_id: UUID, now: datetime, most: int) -> Connected:
    """Take at most so many waiting referrals of a unit and let them join their groups."""
    one_at_a_time(unit_id)
    told = taken.take(unit_id, most)
    if not told:
        return Connected(0, {}, {}, Changes())
    rule = definition.in_force(unit_id, now)
    named = viral.occur(unit_id, told)
    spread = viral.connect(unit_id, named, rule, now)
    members.count(spread)
    bundled = merge.connect(unit_id, Kind.BUNDLE.value, bundles.connect(unit_id, told, named, rule), rule, now)
    same = merge.connect(unit_id, Kind.DUPLICATE.value, alike.connect(unit_id, told, named, rule), rule, now)
    joined = {Kind.VIRAL: spread, Kind.BUNDLE: bundled.joined, Kind.DUPLICATE: same.joined}
    referrals = {each.referral_id for each in told}
    referrals |= {each.referral_id for pairs in (bundled.joined, same.joined) for each in pairs}
    changes = circles.follow(unit_id, referrals, bear.bear(unit_id, told, named), now)
    return Connected(len(told), joined, bundled.merged | same.merged, changes)


def connect_again(unit_id: UUID, now: datetime, most: int) -> tuple[int, Changes]:
    """Find the links of at most so many referrals anew around which something changed; how many those were, and the circles."""
    one_at_a_time(unit_id)
    referrals = again.take(unit_id, most)
    return len(referrals), refresh(unit_id, referrals, now)


def refresh(unit_id: UUID, referrals: Collection[UUID], now: datetime) -> Changes:
    """Write anew what these referrals of a unit bear by all that stands of them, and let the circles follow, in the caller's transaction."""
    if not referrals:
        return Changes()
    one_at_a_time(unit_id)
    told = taken.whole(unit_id, referrals)
    return circles.follow(unit_id, referrals, bear.bear(unit_id, told, viral.files_of(told)), now)


def follow(unit_id: UUID, referrals: Collection[UUID], now: datetime) -> Changes:
    """Let the circles follow an officer's act on these referrals, in the caller's transaction."""
    one_at_a_time(unit_id)
    return circles.follow(unit_id, referrals, {}, now)


def one_at_a_time(unit_id: UUID) -> None:
    """Wait until no other transaction connects referrals of this unit. Whoever holds referrals and connects them waits here before."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"links:{unit_id}"])
