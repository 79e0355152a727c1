"""The ranker: trained on outcomes, run in shadow, promoted by two persons, rolled back, switched off; each act with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.viewer import Viewer
from grace.casework import outcomes as decided
from grace.casework.queue import Row, of_referrals
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.kernel.errors import Conflict
from grace.pipeline import jobs
from grace.pipeline.consult import consult, refusals_told
from grace.priority import learn, outcomes, publish, rankers
from grace.priority.axes import Axis
from grace.priority.models import Ranker
from grace.priority.outcomes import Told
from grace.priority.shapes import told_as

MOST_COMPARED = 20
_BESIDE = """
SELECT referral_id, row_number() OVER (ORDER BY floor DESC, score DESC, referral_id DESC),
       row_number() OVER (ORDER BY floor DESC, shadow DESC, referral_id DESC)
FROM (SELECT q.referral_id, q.turn, q.floor, q.score, s.score AS shadow FROM casework_queue q
      JOIN priority_shadow_score s ON s.referral_id = q.referral_id AND s.ranker_id = %s
      WHERE q.unit_id = %s AND q.status = 'open' AND q.is_line AND q.turn = 1) both_ways
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """A referral that waits, its place as the queue stands, and its place if the ranker in shadow made the order."""

    row: Row
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class Beside:
    """A shadow run beside the order in force: how many it scored of those that wait, how many would move up or down, who moves most.

    ``kept`` is how many of the first tenth of the queue would be among the first tenth.
    """

    scored: int
    up: int
    down: int
    tenth: int
    kept: int
    most: Sequence[Moved]


@dataclass(frozen=True, slots=True)
class RankerPage:
    """All rankers of a unit, what is missing to train one, and the shadow run beside the order."""

    rankers: list[Ranker]
    outcomes: int
    urgent: int
    missing: learn.TooFew | None
    beside: Beside | None
    names: Mapping[str, str]

    def in_state(self, state: str) -> Ranker | None:
        """The one that is in a state of which there is one."""
        return next((each for each in self.rankers if each.state == state), None)


def note_outcomes(unit_id: UUID, referrals: Sequence[UUID]) -> None:
    """Note what became of referrals about which an officer just decided, in the caller's transaction."""
    outcomes.note(unit_id, decided.labels(unit_id, referrals), clock.now())


def ranker_page(viewer: Viewer) -> RankerPage:
    """Read the page; open to whoever works on the rules. What would move most is a consultation of these referrals."""
    return consult(viewer, "ranker.read", lambda: _page(viewer), _subjects)


def one_ranker(viewer: Viewer, number: int) -> Ranker:
    """One ranker with its passport. Raises ``Missing``."""
    return consult(viewer, "ranker.read", lambda: rankers.one(viewer, number), lambda found: [f"ranker:{found.id}"])


def _page(viewer: Viewer) -> RankerPage:
    every = rankers.every(viewer)
    told = outcomes.labels(viewer.unit_id)
    shadow = next((each for each in every if each.state == Ranker.State.SHADOW), None)
    who = {name for each in every for name in (each.trained_by, each.proposed_by, each.promoted_by, each.retired_by) if name}
    beside = _beside(viewer, shadow) if shadow and viewer.may(Capability.READ) else None
    return RankerPage(every, len(told), sum(told), learn.missing(told), beside, names_of(who))


def _subjects(page: RankerPage) -> list[str]:
    moved = page.beside.most if page.beside else ()
    return [*(f"ranker:{each.id}" for each in page.rankers[:1]), *(f"referral:{each.row.referral_id}" for each in moved)]


def _beside(viewer: Viewer, shadow: Ranker) -> Beside:
    with closing(connection.cursor()) as cursor:
        cursor.execute(_BESIDE, [shadow.id, viewer.unit_id])
        places: list[tuple[UUID, int, int]] = cursor.fetchall()
    tenth = -(-len(places) // 10)
    most = sorted(places, key=lambda each: (-abs(each[1] - each[2]), each[1]))[:MOST_COMPARED]
    rows = {row.referral_id: row for row in of_referrals(viewer, [each[0] for each in most]).rows}
    return Beside(
        scored=len(places),
        up=sum(then < now for _referral, now, then in places),
        down=sum(then > now for _referral, now, then in places),
        tenth=tenth,
        kept=sum(now <= tenth and then <= tenth for _referral, now, then in places),
        most=[Moved(rows[referral], now, then) for referral, now, then in most if now != then],
    )


def train(viewer: Viewer) -> Ranker:
    """Train a ranker on the outcomes of the viewer's unit. Raises ``Conflict`` with how many are missing where there are too few.

    What was decided before outcomes were kept is noted first, with what is known of it now. Training takes minutes and no transaction.
    """
    with refusals_told(viewer, "ranker.train"):
        viewer.require(Capability.EDIT_RULES)
        with transaction.atomic():
            outcomes.note(viewer.unit_id, decided.labels_missing(viewer.unit_id), clock.now())
            told = outcomes.of_unit(viewer.unit_id)
            rules = publish.in_force(viewer.unit_id, clock.now())
            came = decided.came(viewer.unit_id, [rules.rules.weights[axis] for axis in Axis])
        _demand_enough(told)
        ranker, passport = learn.train(told, came, rules.rules, rules.number)
        with transaction.atomic():
            kept = rankers.keep(viewer, told_as(ranker), passport, clock.now())
            ledger.record(_line(viewer, "ranker.train", kept, outcomes=str(len(told))))
        return kept


def _demand_enough(told: Sequence[Told]) -> None:
    found = learn.missing([each.is_urgent for each in told])
    if found:
        raise Conflict(
            _("There are too few outcomes to learn from: %(urgent)d escalated and %(calm)d other decided referrals are missing.")
            % {"urgent": found.urgent_missing, "calm": found.calm_missing},
            remedy=_("The rules order until then. Each decision of an officer is an outcome."),
        )


def begin_shadow(viewer: Viewer, number: int) -> Ranker:
    """Let a ranker run beside the order; the open referrals are scored by jobs that follow."""
    with refusals_told(viewer, "ranker.shadow"), transaction.atomic():
        row = rankers.begin_shadow(viewer, number, clock.now())
        ledger.record(_line(viewer, "ranker.shadow", row))
        jobs.rescore_unit(viewer.unit_id)
        return row


def stop_shadow(viewer: Viewer, number: int, reason: str) -> Ranker:
    """End a shadow run."""
    with refusals_told(viewer, "ranker.stop"), transaction.atomic():
        row = rankers.stop_shadow(viewer, number, reason, clock.now())
        ledger.record(_line(viewer, "ranker.stop", row))
        return row


def propose(viewer: Viewer, number: int, reason: str) -> Ranker:
    """The first of two persons asks that a ranker make the order."""
    with refusals_told(viewer, "ranker.propose"), transaction.atomic():
        row = rankers.propose(viewer, number, reason, clock.now())
        ledger.record(_line(viewer, "ranker.propose", row))
        return row


def promote(viewer: Viewer, number: int) -> Ranker:
    """The second lets it; the open referrals are scored anew by jobs that follow."""
    with refusals_told(viewer, "ranker.promote"), transaction.atomic():
        row = rankers.promote(viewer, number, clock.now())
        ledger.record(_line(viewer, "ranker.promote", row))
        jobs.rescore_unit(viewer.unit_id)
        return row


def roll_back(viewer: Viewer, reason: str) -> Ranker:
    """Return to the ranker that was promoted before."""
    with refusals_told(viewer, "ranker.roll_back"), transaction.atomic():
        went, came = rankers.roll_back(viewer, reason, clock.now())
        ledger.record(_line(viewer, "ranker.roll_back", came, instead_of=str(went.number)))
        jobs.rescore_unit(viewer.unit_id)
        return came


def switch_off(viewer: Viewer, reason: str) -> int:
    """Back to the rules alone, at once: when this returns the whole queue stands as they order it. How many referrals moved.

    What another process was scoring meanwhile follows with the scoring anew that is deferred here.
    """
    with refusals_told(viewer, "ranker.switch_off"), transaction.atomic():
        row = rankers.switch_off(viewer, reason, clock.now())
        moved = decided.score_as_assessed(viewer.unit_id)
        ledger.record(_line(viewer, "ranker.switch_off", row, moved=str(moved)))
        jobs.rescore_unit(viewer.unit_id)
        return moved


def _line(viewer: Viewer, act: str, row: Ranker, **detail: Any) -> Line:
    subjects = (f"ranker:{row.id}", f"unit:{row.unit_id}")
    return Line(
        Kind.ALTERATION, act, viewer.actor, viewer.purpose, subjects, detail={"number": str(row.number), "digest": row.digest, **detail}
    )
