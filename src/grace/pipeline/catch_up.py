"""Referrals of before a feature get what it finds: what each of their documents lacked, the states that they concern, their words for the search, their links.

    older versions ─▶ told again by what is kept of them ─▶ feedback, states, words, links ─▶ queue, days of senders, circles ─▶ ledger

Batch by batch in the order of ids, each in a transaction of its own. Whatever is there already stays as it is, so that it may
be broken off and begun again at any point, and a second run finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from grace.casework import older as rows
from grace.casework.older import Completed
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.intake.differ import carries
from grace.intake.feedback import Remark, remarks
from grace.intake.normalise import facts
from grace.intake.together import together
from grace.kernel import clock
from grace.links import connect as links
from grace.links.again import without_links
from grace.pipeline.circles import tell_circles
from grace.pipeline.consult import MOST_SUBJECTS
from grace.pipeline.route import propose_states
from grace.referrals import attachments, older, words
from grace.referrals.older import Older
from grace.referrals.words import Said as Words
from grace.routing.models import Route
from grace.routing.route import Said

ACTOR = "system:catch-up"
BATCH = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One batch: how many referrals were completed, and the key to go on from."""

    completed: int
    last: UUID


def remaining(unit_id: UUID) -> int:
    """How many referrals of a unit wait for it."""
    return rows.count(unit_id)


@transaction.atomic
def step(unit_id: UUID, after: UUID | None) -> Step | None:
    """Complete one batch behind ``after``; None where nothing is left there."""
    waiting = rows.waiting(unit_id, after, BATCH)
    if not waiting:
        return None
    links.one_at_a_time(unit_id)
    now = clock.now()
    versions = older.versions_of(waiting)
    looked = {each.version_id: _looked(each) for some in versions.values() for each in some}
    new = [each for some in versions.values() for each in some if each.remarks is None]
    older.note({each.version_id: looked[each.version_id] for each in new})
    ledger.record(*_lines("referral.remark", sorted({each.referral_id for each in new})))
    said = words.add(Words(each.referral_id, each.version_id, unit_id, each.report) for some in versions.values() for each in some)
    ledger.record(*_lines("referral.words", sorted(said)))
    routed = set(Route.objects.filter(referral_id__in=list(versions)).values_list("referral_id", flat=True))
    concerned = propose_states([_said(some) for referral, some in versions.items() if referral not in routed], ACTOR, now)
    tell_circles(links.refresh(unit_id, without_links(unit_id, sorted(versions)), now))
    lacking = dict(_lacking(versions, looked))
    rows.complete((Completed(referral, lacking[referral], concerned.get(referral)) for referral in sorted(versions)), now)
    return Step(len(versions), waiting[-1])


def _looked(each: Older) -> Sequence[Remark]:
    """What a version lacked: as it was found when it came, or as it is found now."""
    return remarks(each.report, facts(each.report), carries(each.format), each.files) if each.remarks is None else each.remarks


def _standing(versions: Sequence[Older]) -> list[Older]:
    return [each for each in versions if each.stands]


def _lacking(versions: dict[UUID, list[Older]], looked: dict[UUID, Sequence[Remark]]) -> Iterator[tuple[UUID, list[str]]]:
    """The codes of what each referral lacks by all that stands of it, as when its newest document came."""
    several = [referral for referral, some in versions.items() if len(_standing(some)) > 1]
    files = attachments.of(several) if several else {}
    for referral, some in versions.items():
        standing = _standing(some)
        if len(standing) == 1:
            yield referral, [each.code for each in looked[standing[0].version_id]]
            continue
        report, carried = together([each.report for each in standing]), frozenset().union(*(carries(each.format) for each in standing))
        states = [("", each.state) for each in files[referral]]
        yield referral, [each.code for each in remarks(report, facts(report), carried, states)]


def _said(versions: Sequence[Older]) -> Said:
    report = together([each.report for each in _standing(versions)])
    return Said(versions[0].referral_id, versions[0].ordinal, report, facts(report))


def _lines(act: str, referrals: Sequence[UUID]) -> Iterator[Line]:
    for start in range(0, len(referrals), MOST_SUBJECTS):
        subjects = tuple(f"referral:{each}" for each in referrals[start : start + MOST_SUBJECTS])
        yield Line(Kind.ALTERATION, act, ACTOR, "triage", subjects)
