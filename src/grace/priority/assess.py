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
_BASES = {each.value: each for each in Basis}
_BEFORE = """
CASE WHEN ({old}.floor, {old}.score, {old}.reasons) IS DISTINCT FROM ({new}.floor, {new}.score, {new}.reasons) THEN jsonb_build_object(
    'floor', {old}.floor, 'score', {old}.score, 'reasons', {old}.reasons, 'rules', {old}.rules_id, 'ranker', {old}.ranker_id,
    'at', {new}.assessed_at
) ELSE {old}.before END
"""
"""What stood before the last change, of an assessment that is written anew."""
_RENEW = sql.fill(
    "ON CONFLICT (referral_id) DO UPDATE SET {changes}, before = {before}",
    changes=", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS if name != "referral_id"),
    before=sql.fill(_BEFORE, old="priority_assessment", new="EXCLUDED"),
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
    _score_beside(signals, in_force)
    return made


STALE = """
(a.rules_id <> %s OR a.ranker_id IS DISTINCT FROM %s::uuid OR (%s::uuid IS NOT NULL AND NOT EXISTS (
    SELECT FROM priority_shadow_score s WHERE s.referral_id = a.referral_id AND s.ranker_id = %s::uuid
)) OR (a.before ? 'switched' AND (a.before->>'at')::timestamptz = a.assessed_at))
"""
"""Of an assessment ``a``, that other rules or another ranker made it than those in force, that the one in shadow has not seen it, or that
its score was put back by :func:`grace.priority.rankers.switch_off` in one statement and its lines are still to be told anew."""
_STALE = sql.fill(
    "SELECT referral_id, signals FROM priority_assessment a WHERE referral_id = ANY(%s) AND {stale} ORDER BY referral_id FOR NO KEY UPDATE",
    stale=STALE,
)
_RULED = tuple(name for name in _COLUMNS if name != "signals")
_RULE_ANEW = sql.fill(
    "UPDATE priority_assessment a SET {changes}, before = {before} FROM UNNEST({arrays}) AS n ({names}) WHERE a.referral_id = n.referral_id",
    changes=", ".join(f"{name} = n.{name}" for name in _RULED if name != "referral_id"),
    before=sql.fill(_BEFORE, old="a", new="n"),
    arrays=", ".join(f"%s::{_COLUMNS[name]}[]" for name in _RULED),
    names=", ".join(_RULED),
)


def stale_by(in_force: InForce) -> tuple[UUID, UUID | None, UUID | None, UUID | None]:
    """What is bound into :data:`STALE`."""
    shadow = in_force.shadow[0] if in_force.shadow else None
    return in_force.id, in_force.ranker, shadow, shadow


def assess_by_other_rules(referrals: Sequence[UUID], in_force: InForce, now: datetime) -> dict[UUID, Assessed]:
    """Score those of the referrals anew that were scored by other rules or another ranker, by the signals that their assessments rest on.

    Nothing is looked up: rules change what is made of the facts, never the facts. So no list and no analyser that is away can take
    anything from a referral here. A second call finds nothing to do.
    """
    with closing(connection.cursor()) as cursor:
        cursor.execute(_STALE, [list(referrals), *stale_by(in_force)])
        given = {referral: unpack(_loaded(told)) for referral, told in cursor}
        made = {referral: score(some, in_force.rules) for referral, some in given.items()}
        if made:
            rows = ((referral, in_force.id, *_figures(assessed), now, in_force.ranker) for referral, assessed in made.items())
            cursor.execute(_RULE_ANEW, sql.by_column(rows, len(_RULED)))
            _score_beside(given, in_force)
    return made


def _score_beside(given: Mapping[UUID, Sequence[Signal]], in_force: InForce) -> None:
    """What the ranker in shadow would say, where there is one; it moves nothing."""
    if in_force.shadow:
        ranker_id, ranker = in_force.shadow
        told = ((ranker_id, referral, ranker.score(valued(given[referral]))) for referral in sorted(given))
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql.insert_many("priority_shadow_score", _SHADOW, _RENEW_SHADOW), sql.by_column(told, len(_SHADOW)))


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
    return [Signal(kind, value, _BASES[basis], source) for kind, value, basis, source in told]


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
        *_figures(assessed),
        json.dumps([[each.kind, each.value, each.basis.value, each.source] for each in given]),
        now,
        in_force.ranker,
    )


def _figures(assessed: Assessed) -> tuple[object, ...]:
    return *axes_of(assessed), assessed.floor, assessed.score, json.dumps(assessed.as_json())


def _loaded(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value
