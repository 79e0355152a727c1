"""Routing referrals in bulk: proposals of the version in hand, and who is concerned now; three statements for any number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from grace.intake.normalise import Facts
from grace.kernel import sql
from grace.routing.models import Correction, Route
from grace.routing.places import Places, places
from grace.routing.propose import Verdict, pack, propose, recipients
from grace.routing.weights import Weights, weights
from grace.routing.words import Proposal
from grace.sdk.intake import Report

MOST_PROPOSALS = 200
"""Kept of one version, the surest first: a bundle across the whole Union has fewer."""
_ROUTES = {
    "referral_id": "uuid",
    "ordinal": "integer",
    "recipients": "jsonb",
    "weights": "text",
    "registers": "text",
    "routed_at": "timestamptz",
}
_PROPOSALS = {
    "referral_id": "uuid",
    "ordinal": "integer",
    "state": "text",
    "criterion": "text",
    "confidence": "double precision",
    "reasons": "jsonb",
}
_RENEW = "ON CONFLICT (referral_id) DO UPDATE SET " + ", ".join(f"{name} = EXCLUDED.{name}" for name in _ROUTES if name != "referral_id")


@dataclass(frozen=True, slots=True)
class Said:
    """One version of a referral, as it is being recorded; ``ordinal`` 1 is a new referral."""

    referral_id: UUID
    ordinal: int
    report: Report
    facts: Facts


def route(said: Sequence[Said], now: datetime) -> dict[UUID, list[str]]:
    """Propose states for each version, store that, and return who is concerned by each referral.

    In the caller's transaction; no two may be of the same referral. What officers corrected earlier holds for a new version
    too. Referrals are written in the order of their ids, so that two batches never wait for each other in a circle.
    """
    if not said:
        return {}
    by_weights, registers = weights(), places()
    ordered = sorted(said, key=lambda each: each.referral_id)
    proposals = {each.referral_id: propose(each.report, each.facts, registers, by_weights) for each in ordered}
    spoken = _held_verdicts([each.referral_id for each in ordered if each.ordinal > 1])
    concerned = {referral: recipients(found, spoken.get(referral, ()), by_weights) for referral, found in proposals.items()}
    _store(ordered, proposals, concerned, by_weights, registers, now)
    return concerned


def _held_verdicts(referrals: Sequence[UUID]) -> dict[UUID, list[Verdict]]:
    """The officers' last words, with the routes locked: a word that is just being said waits, and is not written over."""
    if referrals:
        list(Route.objects.select_for_update().filter(referral_id__in=referrals).order_by("referral_id").values_list("referral_id"))
    return verdicts(referrals)


def verdicts(referrals: Sequence[UUID]) -> dict[UUID, list[Verdict]]:
    """The last word of officers on each recipient, by referral; no question to the database where there is no referral."""
    found: dict[UUID, dict[str, Verdict]] = {}
    if referrals:
        rows = Correction.objects.filter(referral_id__in=referrals).order_by("corrected_at", "id")
        for each in rows:
            found.setdefault(each.referral_id, {})[each.recipient] = Verdict(each.recipient, each.concerned)
    return {referral: list(by_recipient.values()) for referral, by_recipient in found.items()}


def _store(
    said: Iterable[Said],
    proposals: Mapping[UUID, Sequence[Proposal]],
    concerned: Mapping[UUID, Sequence[str]],
    by_weights: Weights,
    registers: Places,
    now: datetime,
) -> None:
    each_route = (
        (each.referral_id, each.ordinal, json.dumps(concerned[each.referral_id]), by_weights.id, registers.version, now) for each in said
    )
    rows = [row for each in said for row in _rows(each, proposals[each.referral_id])]
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.insert_many("routing_route", _ROUTES, _RENEW), sql.by_column(each_route, len(_ROUTES)))
        if rows:
            cursor.execute(sql.insert_many("routing_proposal", _PROPOSALS), sql.by_column(rows, len(_PROPOSALS)))


def _rows(said: Said, proposals: Sequence[Proposal]) -> Iterator[tuple[object, ...]]:
    for each in proposals[:MOST_PROPOSALS]:
        yield said.referral_id, said.ordinal, each.state, each.criterion.value, each.confidence, json.dumps(pack(each.reasons))
