"""The audit: a random share of all referrals, drawn by the system as they come, whose decisions say what a line would miss.

Nothing tells an audited referral from another one: its row, its page, its history and its place in the queue are the same. Who
draws is :mod:`secrets`; nobody can choose, foresee or repeat it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel import sql
from grace.kernel.errors import Invalid, Refused
from grace.priority.assess import unpack
from grace.priority.models import Assessment, Audit, AuditShare
from grace.priority.rules import Rules
from grace.priority.score import assess
from grace.priority.tally import position, thinned
from grace.sdk.signals import Basis

TICKETS = 1 << 32
USUAL_SHARE = 20
"""Thousandths of all referrals that are audited where nothing else is said."""
USUAL_OUT_OF_TURN = 200
"""Thousandths of the referrals that are given out of turn: a tenth leaves one in twenty unread after 60 days at a load of 1.1, a fifth none
(``benchmarks/bench_backlog.py``), and floors come first with either."""
MOST_AUDITED = 1000
MOST_OUT_OF_TURN = 500
_COLUMNS = {
    "referral_id": "uuid",
    "unit_id": "uuid",
    "share": "integer",
    "ticket": "bigint",
    "chance": "bigint",
    "drawn_at": "timestamptz",
    "states": "jsonb",
}


@dataclass(frozen=True, slots=True)
class Read:
    """An audited referral that an officer decided: where it stands by the rules of now, and whether it is urgent."""

    position: int
    is_urgent: bool
    chance: float
    drawn_at: datetime
    states: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """The audited referrals that count: all up to the first that nobody has decided yet, in the order of the draw, at one share.

    ``drawn`` counts all, ``read`` the decided ones; whoever counted these at once would count what is quickly decided. ``share`` is
    the lowest with which any was drawn, in thousandths: those drawn at a higher one are thinned to it.
    """

    reads: Sequence[Read]
    drawn: int
    read: int
    share: int


def share_of(unit_id: UUID) -> AuditShare | None:
    """What a unit has set; None: it audits nothing."""
    return AuditShare.objects.filter(unit_id=unit_id).first()


def set_share(viewer: Viewer, share: int, out_of_turn: int, now: datetime) -> AuditShare:
    """Set how many referrals are drawn, and how many are given out of turn, both in thousandths. Raises ``Invalid``, ``Refused``."""
    viewer.require(Capability.PUBLISH_RULES)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
    if not 0 <= share <= MOST_AUDITED or not 0 <= out_of_turn <= MOST_OUT_OF_TURN:
        raise Invalid(_("The audit is 0 to 100 per cent of all referrals, and 0 to 50 per cent are given out of turn."))
    if share and not out_of_turn:
        raise Invalid(
            _("Some referrals must be given out of turn."), remedy=_("Else nobody reaches the audited ones at the end of the queue.")
        )
    values = {"share": share, "out_of_turn": out_of_turn, "set_by": viewer.actor, "set_at": now}
    return AuditShare.objects.update_or_create(unit_id=viewer.unit_id, defaults=values)[0]


def draw(unit_id: UUID, referrals: Sequence[UUID], states: Mapping[UUID, Sequence[str]], now: datetime) -> None:
    """Draw from new referrals, in the caller's transaction."""
    found = share_of(unit_id) if referrals else None
    if found is None or not found.share:
        return
    tickets = ((referral, secrets.randbelow(TICKETS)) for referral in referrals)
    rows = [
        (referral, unit_id, found.share, ticket, secrets.randbelow(TICKETS), now, json.dumps(list(states.get(referral, ()))))
        for referral, ticket in tickets
        if 1000 * ticket < found.share * TICKETS
    ]
    if rows:
        with closing(connection.cursor()) as cursor:
            cursor.execute(
                sql.insert_many("priority_audit", _COLUMNS, "ON CONFLICT (referral_id) DO NOTHING"), sql.by_column(rows, len(_COLUMNS))
            )


def note_draws(unit_id: UUID) -> tuple[int, str] | None:
    """How many were drawn since this was asked last, and a digest by which each draw can be proved later; None for none.

    The digest is over referral, ticket and chance: without the two numbers nobody can try whose it is.
    """
    drawn = list(Audit.objects.select_for_update().filter(unit_id=unit_id, noted=False).order_by("referral_id"))
    if not drawn:
        return None
    Audit.objects.filter(referral_id__in=[each.referral_id for each in drawn]).update(noted=True)
    return len(drawn), sha256("".join(f"{each.referral_id}.{each.ticket}.{each.chance};" for each in drawn).encode()).hexdigest()


def label(decided: Mapping[UUID, bool | None], now: datetime) -> int:
    """Note what officers decided about audited referrals (None: nothing stands any more); returns of how many it is news.

    What was known of a referral is kept as it was at its first decision, but for what officers said: else a decision would raise
    the very score that it is compared with.
    """
    audits = list(Audit.objects.select_for_update().filter(referral_id__in=list(decided)).order_by("referral_id"))
    signals = dict(Assessment.objects.filter(referral_id__in=[each.referral_id for each in audits]).values_list("referral_id", "signals"))
    news = [each for each in audits if each.is_urgent != decided[each.referral_id]]
    for each in news:
        each.is_urgent = decided[each.referral_id]
        each.read_at = None if each.is_urgent is None else now
        if each.signals is None:
            each.signals = [signal for signal in signals.get(each.referral_id, []) if signal[2] != Basis.OFFICER.value]
    Audit.objects.bulk_update(news, ["is_urgent", "read_at", "signals"])
    return len(news)


def reading(unit_id: UUID, rules: Rules, *, since: datetime | None = None) -> Reading:
    """What the audit of a unit shows by these rules, of what was drawn after ``since``."""
    found = Audit.objects.filter(unit_id=unit_id).order_by("drawn_at", "referral_id")
    drawn = list(found.filter(drawn_at__gt=since) if since else found)
    end = next((place for place, each in enumerate(drawn) if each.is_urgent is None), len(drawn))
    share = min((each.share for each in drawn), default=0)
    kept = thinned([1 / each.share for each in drawn[:end]], [1000 * each.ticket / (each.share * TICKETS) for each in drawn[:end]])
    reads = [_read(each, rules) for each in np.array(drawn[:end], object)[kept]]
    return Reading(reads, len(drawn), sum(each.is_urgent is not None for each in drawn), share)


def _read(audit: Audit, rules: Rules) -> Read:
    assessed = assess(unpack(audit.signals or []), rules)
    return Read(position(assessed.floor, assessed.score), bool(audit.is_urgent), audit.chance / TICKETS, audit.drawn_at, audit.states)
