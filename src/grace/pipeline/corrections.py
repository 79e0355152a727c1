"""A new version follows whoever got an older one (law, L8), in the transaction that records it; jobs carry it later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.exchange import outbox
from grace.exchange.models import Dispatch

ACTOR = "system:exchange"
PURPOSE = "exchange"


def corrections(newer: Mapping[UUID, int], now: datetime) -> list[Dispatch]:
    """Packages for the recipients of referrals that have a new version, by its ordinal; one question for the whole batch."""
    found = outbox.correct(newer, now) if newer else []
    ledger.record(*(disclosure(each, "exchange.correct", ACTOR, PURPOSE) for each in found))
    return found


def disclosure(found: Dispatch, act: str, actor: str, purpose: str, *more: str, **detail: str) -> Line:
    """The ledger's line about a package that leaves, or is to leave."""
    subjects = (*outbox.subjects([found]), *more)
    return Line(Kind.DISCLOSURE, act, actor, purpose, subjects, {"kind": found.kind, **detail}, recipient=f"agency:{found.agency_id}")
