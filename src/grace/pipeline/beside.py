"""Two referrals of a unit line by line: why this one comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.casework import places
from grace.casework.decide import row_of
from grace.casework.models import QueueRow
from grace.casework.queue import Count
from grace.kernel.errors import Missing
from grace.pipeline.consult import consult
from grace.priority.axes import Axis
from grace.priority.models import Assessment
from grace.priority.rankers import learned
from grace.priority.shapes import START

LANE, FLOOR, SCORE, NEWER, CLOSED = "lane", "floor", "score", "newer", "closed"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two."""

    row: QueueRow
    assessment: Assessment
    rank: Count | None


@dataclass(frozen=True, slots=True)
class Line:
    """One reason: its part, its words (of a ranker's line its name), its points on both sides, what it makes of the difference of scores."""

    part: str
    text: str
    one: int
    other: int
    weighs: int


@dataclass(frozen=True, slots=True)
class Part:
    """An axis, or what was learned: its value on both sides, its lines, and what it makes of the difference, which is their sum."""

    key: str
    one: int
    other: int
    weighs: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two referrals, the one that comes first before the other; ``because`` says what decides.

    ``parts`` are those that make the score: they sum to the difference of the scores where both are scored ``alike``, by the same rules
    or the same ranker. ``axes`` are told besides where a ranker gave the scores.
    """

    first: Side
    second: Side
    because: str
    alike: bool
    parts: list[Part]
    axes: list[Part]


def beside(viewer: Viewer, referral_id: UUID, other: UUID | None = None, number: int | None = None) -> Beside:
    """Compare a referral with another one of the viewer's unit, named by id or number, or with its neighbour in the queue.

    Raises ``Missing`` for one that is not the unit's, whatever else it may be.
    """
    return consult(viewer, "referral.beside", lambda: _beside(viewer, referral_id, other, number), _subjects)


def _subjects(found: Beside) -> Iterator[str]:
    return (f"referral:{each.row.referral_id}" for each in (found.first, found.second))


def _beside(viewer: Viewer, referral_id: UUID, other: UUID | None, number: int | None) -> Beside:
    one = row_of(viewer, referral_id)
    found = other or (_numbered(viewer, number) if number is not None else places.neighbour(viewer, referral_id))
    if found is None:
        raise Missing(_("No other referral waits."), remedy=_("Name the number of one that does not wait any more."))
    first, second = sorted((one, row_of(viewer, found)), key=_order, reverse=True)
    sides = _side(viewer, first), _side(viewer, second)
    by_rules, by_ranker = list(_axes(*sides)), list(_learned(*sides))
    told = [each.assessment for each in sides]
    alike = len({each.ranker_id for each in told}) == 1 and (told[0].ranker_id is not None or len({each.rules_id for each in told}) == 1)
    parts, axes = (by_ranker, by_rules) if by_ranker else (by_rules, [])
    return Beside(*sides, _because(first, second), alike, parts, axes)


def _numbered(viewer: Viewer, number: int) -> UUID:
    found = QueueRow.objects.filter(unit_id=viewer.unit_id, number=number).values_list("referral_id", flat=True).first()
    if found is None:
        raise Missing(_("There is no such referral."))
    return found


def _order(row: QueueRow) -> tuple[bool, int, int, int, UUID]:
    return row.status == QueueRow.Status.OPEN, row.turn, row.floor, row.score, row.referral_id


def _because(first: QueueRow, second: QueueRow) -> str:
    if QueueRow.Status.OPEN not in {first.status, second.status} or first.status != second.status:
        return CLOSED
    if first.turn != second.turn:
        return LANE
    if first.floor != second.floor:
        return FLOOR
    return SCORE if first.score != second.score else NEWER


def _side(viewer: Viewer, row: QueueRow) -> Side:
    assessment = Assessment.objects.select_related("rules").get(referral_id=row.referral_id)
    return Side(row, assessment, places.rank_of(viewer, row.referral_id))


def _axes(first: Side, second: Side) -> Iterator[Part]:
    """The axes with their weights by the rules of the first: an axis weighs what its lines weigh together."""
    for axis in Axis:
        weight = first.assessment.rules.body["weights"][axis.value]
        one, other = (
            {rule: (text, points) for rule, points, text, _basis in each.assessment.reasons.get(axis.value, [])} for each in (first, second)
        )
        lines = [
            _line(axis.value, text, one.get(rule, ("", 0))[1], other.get(rule, ("", 0))[1], weight)
            for rule, (text, _points) in {**other, **one}.items()
        ]
        yield _part(axis.value, lines)


def _learned(first: Side, second: Side) -> Iterator[Part]:
    """What the ranker gave, by axis, with what every referral starts with on its own."""
    one, other = ({each.name: each for each in learned(side.assessment)} for side in (first, second))
    both = {**other, **one}
    for key in ("", *(axis.value for axis in Axis)):
        names = [name for name, each in both.items() if (each.axis.value if each.axis else "") == key]
        lines = [_line(key, name, one[name].points if name in one else 0, other[name].points if name in other else 0, 1) for name in names]
        if lines:
            yield _part(key or START, lines)


def _line(part: str, text: str, one: int, other: int, weight: int) -> Line:
    return Line(part, text, one, other, weight * (one - other))


def _part(key: str, lines: list[Line]) -> Part:
    ordered = sorted(lines, key=lambda each: (-abs(each.weighs), each.text))
    return Part(key, sum(each.one for each in lines), sum(each.other for each in lines), sum(each.weighs for each in lines), ordered)
