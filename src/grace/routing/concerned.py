"""Reading who is concerned by a referral, and why, for a viewer of the unit that holds it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.accounts.viewer import Viewer
from grace.referrals.read import referral_of
from grace.routing.models import Correction, Proposal, Route


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who is concerned now, what was proposed for the newest version, and what officers said, newest first."""

    recipients: list[str]
    proposals: list[Proposal]
    corrections: list[Correction]
    weights: str
    registers: str

    def last_word(self, recipient: str) -> Correction | None:
        """What an officer last said of a recipient."""
        return next((each for each in self.corrections if each.recipient == recipient), None)


def concerned(viewer: Viewer, referral_id: UUID) -> Concerned:
    """The states concerned by a referral of the viewer's unit. Raises ``Missing`` for any other."""
    referral_of(viewer, referral_id)
    route = Route.objects.filter(referral_id=referral_id).first()
    if route is None:  # taken in before there was routing
        return Concerned([], [], [], "", "")
    proposals = Proposal.objects.filter(referral_id=referral_id, ordinal=route.ordinal).order_by("-confidence", "state", "criterion")
    corrections = Correction.objects.filter(referral_id=referral_id).select_related("officer").order_by("-corrected_at", "-id")
    return Concerned(route.recipients, list(proposals), list(corrections), route.weights, route.registers)


def recipients_of(referrals: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Who is concerned by each referral, in one question; for verbs that act on many."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT referral_id, recipients FROM routing_route WHERE referral_id = ANY(%s)", [list(referrals)])
        return {referral: json.loads(told) if isinstance(told, str) else told for referral, told in cursor}
