"""The line of a unit: drawn by what its audit shows, put in force, watched, retired.

Below it lie referrals of which at most a promised share of the urgent ones are; nothing is closed or hidden by it. A state concerned has
a line of its own, for which the promise holds by itself, or none where too few of its urgent ones were audited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.priority import tally
from grace.priority.assess import InForce
from grace.priority.audits import Read, Reading, reading
from grace.priority.drift import DOUBTS, moved, ranks, rate_doubt, spent, wealth
from grace.priority.models import Line
from grace.priority.promise import Batch, Promise, expected
from grace.priority.tally import TooFew, count, draw_line

DOUBT = 50
"""Thousandths: a promise is broken at most one time in twenty."""
DOUBT_OF_SIZE = 10
"""Of these the part that is left for a batch with more or fewer urgent ones than expected."""
SHARES = (10, 20, 50, 100)
"""What may lie below a line, in thousandths of the urgent ones."""
DAYS = 30
"""The length of a batch."""
LONGEST_REASON = 2_000
STEP = 100
"""Scores are counted in steps of so many positions, to see whether they move."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line and what it promises, or how many audited ones are missing; of a batch also how many urgent ones are expected in it."""

    promise: str
    share: int
    coming: int
    batch: Batch | None
    found: tally.Line | TooFew

    @property
    def line(self) -> tally.Line | None:
        """The line, where there is one."""
        return None if isinstance(self.found, TooFew) else self.found

    @property
    def missing(self) -> TooFew | None:
        """What is missing, where there is no line."""
        return self.found if isinstance(self.found, TooFew) else None


def draw(reads: Sequence[Read], promise: str, share: int, coming: int) -> Drawn:
    """The line that the audited referrals carry; ``coming`` referrals of the same sort are expected in a batch."""
    urgent = [each.position for each in reads if each.is_urgent]
    counted = count("unit", urgent, len(reads))
    if promise == Line.Promise.POPULATION:
        return Drawn(promise, share, coming, None, draw_line(counted, Promise(share, DOUBT)))
    batch = expected(len(urgent), len(reads), coming, DOUBT_OF_SIZE)
    return Drawn(promise, share, coming, batch, draw_line(counted, Promise(share, DOUBT - DOUBT_OF_SIZE, batch)))


def by_state(reads: Sequence[Read], promise: str, share: int, coming: int) -> dict[str, Drawn]:
    """The same for each state that audited referrals concern; one that concerns several counts in each."""
    named = Counter(state for each in reads for state in set(each.states))
    return {
        state: draw([each for each in reads if state in each.states], promise, share, round(coming * number / len(reads)))
        for state, number in sorted(named.items())
    }


def in_force(unit_id: UUID) -> Line | None:
    """The line of a unit that is not retired."""
    return Line.objects.select_related("rules").filter(unit_id=unit_id, retired_at=None).first()


def history(viewer: Viewer) -> list[Line]:
    """All lines that the viewer's unit ever had, newest first."""
    viewer.require(Capability.EDIT_RULES)
    return list(Line.objects.filter(unit_id=viewer.unit_id).order_by("-set_at"))


def put_in_force(
    viewer: Viewer,
    drawn: Drawn,
    of_states: Mapping[str, Drawn],
    read: Reading,
    rules: InForce,
    scores: Mapping[str, int],
    reason: str,
    now: datetime,
) -> Line:
    """Put a line in force in place of the one before. Raises ``Refused``, ``Invalid`` without a reason, ``Conflict`` where labels are missing."""
    _may(viewer, reason)
    if drawn.missing:
        raise Conflict(
            _("No line can be drawn: %(urgent)d audited urgent referrals are missing.") % {"urgent": drawn.missing.urgent_missing},
            remedy=_("That is about %(audited)d more audited referrals at the present rate.") % {"audited": drawn.missing.audited_missing},
        )
    Line.objects.filter(unit_id=viewer.unit_id, retired_at=None).update(
        retired_at=now, retired_by=viewer.actor, retire_reason=_("Another line took its place.")
    )
    return Line.objects.create(
        unit_id=viewer.unit_id,
        rules_id=rules.id,
        ranker_id=rules.ranker,
        promise=drawn.promise,
        share=drawn.share,
        days=DAYS,
        position=drawn.line.position if drawn.line else 0,
        figures=_figures(drawn),
        states={state: _figures(each) for state, each in of_states.items()},
        scores=dict(scores),
        audited_until=max(each.drawn_at for each in read.reads),
        reason=reason.strip(),
        set_by=viewer.actor,
        set_at=now,
    )


def retire(viewer: Viewer, reason: str, now: datetime) -> Line:
    """End the line; nothing is promised any more. Raises ``Missing`` where there is none."""
    _may(viewer, reason)
    line = Line.objects.select_for_update().filter(unit_id=viewer.unit_id, retired_at=None).first()
    if line is None:
        raise Missing(_("There is no line in force."))
    line.retired_at, line.retired_by, line.retire_reason = now, viewer.actor, reason.strip()
    line.save(update_fields=["retired_at", "retired_by", "retire_reason"])
    return line


def look(line: Line, rules: InForce, scores: Mapping[str, int], now: datetime) -> list[str]:
    """Look for signs that the promise became doubtful; notes the look, and returns the signs that are new.

    ``ranks``: where audited urgent ones stand; ``rate``: how many there are; ``scores``: how all are scored; ``rules``: a line says
    nothing of other rules than those by which it was drawn; ``age``: as many urgent ones were audited since as it was drawn by, and a
    change that is slower than that is not told from none by the ranks.
    """
    line.looks += 1
    signs = list(_signs(line, rules, scores))
    new = [sign for sign in signs if sign not in line.alarms]
    line.alarms = {**line.alarms, **dict.fromkeys(new, now.isoformat())}
    line.save(update_fields=["looks", "alarms"])
    return new


def _signs(line: Line, rules: InForce, scores: Mapping[str, int]) -> Iterator[str]:
    if (rules.id, rules.ranker) != (line.rules_id, line.ranker_id):
        yield "rules"
        return
    read = reading(line.unit_id, rules.rules, since=rules.since)
    before = [each for each in read.reads if each.drawn_at <= line.audited_until]
    since = [each for each in read.reads if each.drawn_at > line.audited_until]
    old, new = ([each for each in part if each.is_urgent] for part in (before, since))
    if len(new) >= max(1, len(old)):
        yield "age"
    low = ranks([each.position for each in old], [each.position for each in new], [each.chance for each in new])
    if low and wealth(np.array(low), max(1, len(old)), line.share).max() >= 1 / DOUBTS["ranks"]:
        yield "ranks"
    if since and rate_doubt(len(old), len(before), len(new), len(since)) <= spent(DOUBTS["rate"], line.looks):
        yield "rate"
    if moved(_numbers(line.scores), _numbers(scores), spent(DOUBTS["scores"], line.looks)) > 0:
        yield "scores"


def due(line: Line, now: datetime) -> bool:
    """Whether it is time for the next look: one a day, so that doubt is not spent on looking."""
    return now >= line.set_at + timedelta(days=line.looks + 1)


def _numbers(scores: Mapping[str, int]) -> dict[int, int]:
    return {int(step): number for step, number in scores.items()}


def _figures(drawn: Drawn) -> dict[str, Any]:
    told = {**asdict(drawn.found), "coming": drawn.coming}
    return {**told, "least": drawn.batch.least, "most": drawn.batch.most} if drawn.batch else told


def _may(viewer: Viewer, reason: str) -> None:
    viewer.require(Capability.PUBLISH_RULES)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
    if not reason.strip() or len(reason) > LONGEST_REASON or "\0" in reason:
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
