"""What an officer sees before and after handing over: recipients, what would leave, and what became of it; each a consultation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grace.accounts.viewer import Viewer
from grace.agencies import directory
from grace.agencies.directory import Entry
from grace.casework.decide import may_uncover, row_of
from grace.casework.models import QueueRow
from grace.exchange import inbox, outbox
from grace.exchange import part as parts
from grace.exchange.models import Arrival, Dispatch
from grace.exchange.pack import report_of
from grace.exchange.part import Part
from grace.pipeline.consult import consult
from grace.referrals import read as referrals
from grace.referrals.read import Told


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """The form: who may receive, what the referral holds, under which conditions it came itself, and what a part of it says."""

    row: QueueRow
    told: Told
    uncovered: bool
    recipients: list[Entry]
    inherited: tuple[str, ...]
    leaves: Mapping[str, Any] | None


def hand_over_page(viewer: Viewer, referral_id: UUID, part: Part | None = None) -> HandOverPage:
    """The form, and with ``part`` what would leave."""

    def read() -> HandOverPage:
        row = row_of(viewer, referral_id)
        told = referrals.read(viewer, referral_id)
        leaves = None
        if part is not None:
            chosen = parts.check(part, len(told.persons), len(told.attachments))
            leaves = {**report_of(told.version, told.attachments, chosen), "part": chosen}
        inherited = outbox.inherited_by([referral_id])
        return HandOverPage(row, told, may_uncover(viewer, row), directory.recipients(viewer), inherited, leaves)

    return consult(viewer, "exchange.prepare", read, lambda _: [f"referral:{referral_id}"])


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a referral's page says of other agencies: what was handed over, and what it came with."""

    dispatches: list[Dispatch]
    arrivals: list[Arrival]
    inherited: tuple[str, ...]


def exchanged(viewer: Viewer, referral_id: UUID) -> Exchanged:
    """For the page of a referral, inside its own consultation."""
    return Exchanged(outbox.of_referral(viewer, referral_id), inbox.of_referral(viewer, referral_id), outbox.inherited_by([referral_id]))


def sent(viewer: Viewer) -> list[Dispatch]:
    """The unit's hand-overs and what followed them, newest first."""
    return consult(viewer, "exchange.sent", lambda: outbox.of_unit(viewer), lambda found: (f"package:{each.id}" for each in found))
