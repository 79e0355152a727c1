"""Assessing referrals in bulk: the published rules of the unit, one write for the whole batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.priority.axes import Axis
from grace.priority.features import valued
from grace.priority.rules import Rules
from grace.priority.score import Assessed
from grace.priority.score import assess as score
from grace.priority.shapes import Ranker
from grace.sdk.signals import KINDS, Basis, Signal, is_denied

_COLUMNS = {
    "referral_id": "uuid",
    "rules_id": "uuid",
    "completeness": "smallint",
    "actionability": "smallint",
    "urgency": "smallint",
    "novelty": "smallint",
    "floor": "smallint",
    "score": "integer",
    "reasons": "jsonb",
    "signals": "jsonb",
    "assessed_at": "timestamptz",
    "ranker_id": "uuid",
}
_BEFORE = """before = CASE WHEN (priority_assessment.floor, priority_assessment.score, priority_assessment.reasons)
    IS DISTINCT FROM (EXCLUDED.floor, EXCLUDED.score, EXCLUDED.reasons) THEN jsonb_build_object(
        'floor', priority_assessment.floor, 'score', priority_assessment.score, 'reasons', priority_assessment.reasons,
        'rules', priority_assessment.rules_id, 'ranker', priority_assessment.ranker_id, 'at', EXCLUDED.assessed_at)
    ELSE priority_assessment.before END"""
_RENEW = (
    "ON CONFLICT (referral_id) DO UPDATE SET "
    + ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS if name != "referral_id")
    + f", {_BEFORE}"
)
_SHADOW = {"ranker_id": "uuid", "referral_id": "uuid", "score": "integer"}
_RENEW_SHADOW = "ON CONFLICT (referral_id, ranker_id) DO UPDATE SET score = EXCLUDED.score"


@dataclass(frozen=True, slots=True)
class InForce:
    """The published rules of a unit, checked and runnable, with the id of their version.

    ``ranker`` is the id of the promoted one, which then stands in the ``rules``, ``since`` when it was trained: what was audited before
    may have taught it. ``shadow`` is one that is scored beside.
    """

    id: UUID
    number: int
    rules: Rules
    ranker: UUID | None = None
    since: datetime | None = None
    shadow: tuple[UUID, Ranker] | None = None


def assess(signals: Mapping[UUID, Sequence[Signal]], in_force: InForce, now: datetime) -> dict[UUID, Assessed]:
    """Score referrals by their signals and store the assessments with what they rest on.

    Raises ``ValueError`` for a signal of an unpublished kind or of the wrong type: a fault of a room, not of a sender.
    """
    made = {referral: score(_checked(given), in_force.rules) for referral, given in signals.items()}
    rows = (_row(referral, made[referral], signals[referral], in_force, now) for referral in sorted(made))
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.insert_many("priority_assessment", _COLUMNS, _RENEW), sql.by_column(rows, len(_COLUMNS)))
        if in_force.shadow:
            ranker_id, ranker = in_force.shadow
            told = ((ranker_id, referral, ranker.score(valued(signals[referral]))) for referral in sorted(made))
            cursor.execute(sql.insert_many("priority_shadow_score", _SHADOW, _RENEW_SHADOW), sql.by_column(told, len(_SHADOW)))
    return made


def hold(referrals: Sequence[UUID]) -> None:
    """Let nobody else assess these referrals before the caller's transaction ends: whoever asks later then writes later."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT FROM priority_assessment WHERE referral_id = ANY(%s) ORDER BY referral_id FOR NO KEY UPDATE", [list(referrals)]
        )


def signals_of(referrals: Sequence[UUID]) -> dict[UUID, list[Signal]]:
    """The signals that the last assessments rested on."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT referral_id, signals FROM priority_assessment WHERE referral_id = ANY(%s)", [list(referrals)])
        return {referral: unpack(_loaded(told)) for referral, told in cursor}


_WITHOUT = """
SELECT referral_id FROM priority_assessment a WHERE referral_id = ANY(%s)
AND NOT EXISTS (SELECT FROM jsonb_array_elements(a.signals) given WHERE given->>0 = %s) ORDER BY referral_id
"""


def without_signal(referrals: Sequence[UUID], kind: str) -> list[UUID]:
    """Those referrals whose last assessment rests on no signal of this kind."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_WITHOUT, [list(referrals), kind])
        return [row[0] for row in cursor]


def unpack(told: Sequence[Sequence[Any]]) -> list[Signal]:
    """Signals from their stored form."""
    return [Signal(kind, value, Basis(basis), source) for kind, value, basis, source in told]


def axes_of(assessed: Assessed) -> tuple[int, int, int, int]:
    """The four axes in their fixed order."""
    told = assessed.axes
    return told[Axis.COMPLETENESS], told[Axis.ACTIONABILITY], told[Axis.URGENCY], told[Axis.NOVELTY]


def _checked(given: Sequence[Signal]) -> Iterator[Signal]:
    for signal in given:
        kind = KINDS.get(signal.kind)
        right = (
            kind is not None
            and not is_denied(signal.kind)
            and (isinstance(signal.value, kind.type) or (kind.type is float and isinstance(signal.value, int)))
        )
        if not right:
            raise ValueError(f"not a published signal: {signal.kind} from {signal.source}")
        yield signal


def _row(referral: UUID, assessed: Assessed, given: Sequence[Signal], in_force: InForce, now: datetime) -> tuple[object, ...]:
    return (
        referral,
        in_force.id,
        *axes_of(assessed),
        assessed.floor,
        assessed.score,
        json.dumps(assessed.as_json()),
        json.dumps([[each.kind, each.value, each.basis.value, each.source] for each in given]),
        now,
        in_force.ranker,
    )


def _loaded(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value
