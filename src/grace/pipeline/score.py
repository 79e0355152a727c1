"""Connect, score, queue: from signals to a place in the queue, for new referrals and for those that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from grace.casework import alerts, queue
from grace.casework.queue import Standing as Place
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.matching.look_up import Digest, look_up
from grace.pipeline import file_signals
from grace.pipeline.file_signals import FileNews, Standing
from grace.priority.assess import InForce, assess, axes_of, signals_of
from grace.referrals import attachments, summaries
from grace.referrals.attachments import Named
from grace.sdk.signals import Signal

MOST_SUBJECTS = 200
"""References in one ledger entry; a longer act is told in several."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Referrals of one unit that are scored together, by whom and when."""

    unit_id: UUID
    actor: str
    rules: InForce
    now: datetime


def score_and_place(batch: Batch, signals: Mapping[UUID, Sequence[Signal]]) -> list[UUID]:
    """Look the files up, assess, place in the queue, tell the ledger; returns the alerts raised.

    ``signals`` are all that is known but for the files, whose signals are made anew here.
    """
    told = summaries.of(list(signals))
    files = news_of(list(signals))
    whole = {
        referral: [*(each for each in given if not file_signals.is_file_signal(each)), *file_signals.signals(files[referral], told[referral].received_at)]
        for referral, given in signals.items()
    }
    assessed = assess(whole, batch.rules, batch.now)
    places = [
        Place(
            referral_id=referral,
            unit_id=batch.unit_id,
            number=told[referral].number,
            sender_id=told[referral].sender_id,
            incident_kind=told[referral].incident_kind,
            summary=_summary(told[referral], files[referral]),
            format=told[referral].format,
            received_at=told[referral].received_at,
            floor=found.floor,
            score=found.score,
            axes=axes_of(found),
            why=found.why(),
        )
        for referral, found in assessed.items()
    ]
    queue.place(places, batch.now)
    ledger.record(*score_lines(batch, list(assessed)))
    urgent = [referral for referral, found in assessed.items() if found.floor]
    return alerts.raise_alerts(batch.unit_id, urgent, batch.now) if urgent else []


def score_again(batch: Batch, referrals: Sequence[UUID]) -> list[UUID]:
    """Score referrals anew by what was known of them and what is known of their files now."""
    return score_and_place(batch, signals_of(referrals))


def news_of(referrals: Sequence[UUID]) -> dict[UUID, list[FileNews]]:
    """What the lists say of each referral's files, and how widespread these are."""
    named = attachments.of(referrals)
    everything = [each for files in named.values() for each in files]
    standings = _standings(everything)
    spread = attachments.spread(each.digests["md5"] for each in everything if "md5" in each.digests) if everything else {}
    return {
        referral: [FileNews(each, standings[each.id], spread.get(each.digests.get("md5", b""), 1)) for each in files]
        for referral, files in named.items()
    }


def _standings(files: Sequence[Named]) -> dict[UUID, Standing]:
    """One look-up for all digests and fingerprints of the batch."""
    raise NotImplementedError(files, Digest, look_up)


def _summary(told: summaries.Summary, files: Sequence[FileNews]) -> dict[str, int]:
    counts = {standing.value: sum(each.standing is standing for each in files) for standing in Standing}
    return {**told.counts, "files": len(files), **{name: number for name, number in counts.items() if number}}


def score_lines(batch: Batch, referrals: Sequence[UUID]) -> list[Line]:
    """One entry per referral: it is by the referral that an officer asks what was done."""
    return [
        Line(
            kind=Kind.ALTERATION,
            act="referral.score",
            actor=batch.actor,
            purpose="triage",
            subjects=(f"referral:{referral}",),
            detail={"rules": f"{batch.rules.number}"},
        )
        for referral in referrals
    ]
