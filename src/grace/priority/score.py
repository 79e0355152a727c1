"""Signals and rules in, an explained assessment out: a pure function, the same for a live referral and for a preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grace.priority.axes import Axis
from grace.priority.features import valued
from grace.priority.rules import Condition, Floor, Queue, Rule, Rules
from grace.priority.shapes import LIMIT, START, Given
from grace.priority.words import of_feature
from grace.sdk.signals import Basis, Signal, SignalValue

CAP = "cap"
"""The id of the reason line that brings a sum back within 0 to 100, so that the reasons always sum to the axis."""

LEARNED = "learned"
"""Marks a line of :meth:`Assessed.why` that the ranker gave."""
MOST_LEARNED = 2
"""Lines of the ranker among those that matter most."""
_AXES = tuple(Axis)
_WEAKEST_FIRST = (Basis.MODEL, Basis.REPORTED, Basis.OBSERVED, Basis.OFFICER)

Said = Mapping[str, Sequence[SignalValue]]


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of an axis: which rule, how many points, the words for it, and the bases it rests on."""

    rule: str
    points: int
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Assessed:
    """The four axes, each 0 to 100 and each the sum of its reasons; floor 0 means none; score 0 to 10,000.

    ``learned`` are the lines of the ranker, where one gave the score: they sum to it.
    """

    axes: Mapping[Axis, int]
    reasons: Mapping[Axis, tuple[Reason, ...]]
    floor: int
    floors: tuple[tuple[str, int, str], ...]
    score: int
    queues: tuple[str, ...] = ()
    learned: tuple[Given, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What is stored and shown: axis by axis, and the floors that were hit."""
        told: dict[str, Any] = {axis.value: [[r.rule, r.points, r.text, r.basis] for r in self.reasons[axis]] for axis in _AXES}
        told["floors"] = [list(each) for each in self.floors]
        return told

    def why(self, most: int = 3) -> list[list[object]]:
        """The lines that matter most for the rank: floors first, what was learned, then urgency, then the largest of the rest."""
        lines: list[list[object]] = [[rule, floor, text, "floor"] for rule, floor, text in self.floors]
        told = [each for each in self.learned if each.name not in {START, LIMIT}][:MOST_LEARNED]
        lines += [[each.name, each.points, of_feature(each.name), LEARNED] for each in told]
        said = {str(text) for _, _, text, _ in lines}
        ranked = sorted(
            ((axis is not Axis.URGENCY, -abs(reason.points), axis, reason) for axis in _AXES for reason in self.reasons[axis]),
            key=lambda each: each[:2],
        )
        for _, _, axis, reason in ranked:
            if reason.rule != CAP and reason.text not in said:
                lines.append([reason.rule, reason.points, reason.text, axis.value])
        return lines[:most]

    def by_rules(self, rules: Rules) -> int:
        """The score that the rules alone give."""
        return sum(rules.weights[axis] * self.axes[axis] for axis in Axis)


def assess(signals: Iterable[Signal], rules: Rules) -> Assessed:
    """Score one referral. The axes and the floors are those of the rules, whoever gives the score."""
    signals = tuple(signals)
    given: dict[str, list[SignalValue]] = {}
    bases: dict[str, set[str]] = {}
    for signal in signals:
        given.setdefault(signal.kind, []).append(signal.value)
        bases.setdefault(signal.kind, set()).add(signal.basis)
    reasons: dict[Axis, list[Reason]] = {axis: [] for axis in _AXES}
    for rule in rules.rules:
        points = _points(rule, given)
        if points:
            reasons[rule.axis].append(Reason(rule.id, points, rule.text, _basis(rule.when, bases)))
    axes = {axis: _bounded(reasons[axis]) for axis in _AXES}
    hit = tuple((each.id, each.floor, each.text) for each in rules.floors if _holds(each, given))
    said = valued(signals) if rules.ranker else {}
    return Assessed(
        axes=axes,
        reasons={axis: tuple(lines) for axis, lines in reasons.items()},
        floor=max((floor for _, floor, _ in hit), default=0),
        floors=tuple(sorted(hit, key=lambda each: -each[1])),
        score=rules.ranker.score(said) if rules.ranker else sum(rules.weights[axis] * axes[axis] for axis in _AXES),
        queues=tuple(each.id for each in rules.queues if _holds(each, given)),
        learned=tuple(rules.ranker.reasons(said)) if rules.ranker else (),
    )


def _holds(rule: Rule | Floor | Queue, given: Said) -> bool:
    for condition in rule.when:  # no all(): see Condition.holds
        if not condition.holds(given.get(condition.signal, ())):
            break
    else:
        return True
    return False


def _points(rule: Rule, given: Said) -> int:
    if not _holds(rule, given):
        return 0
    if rule.each is None:
        return rule.points
    count = sum(int(value) for value in given.get(rule.each, ()))
    points = rule.points * count
    bound = rule.up_to if rule.up_to is not None else abs(points)
    return max(-bound, min(bound, points))


def _bounded(lines: list[Reason]) -> int:
    """The sum of the lines, brought within 0 to 100 by a line of its own."""
    total = sum(line.points for line in lines)
    bounded = max(0, min(100, total))
    if bounded != total:
        lines.append(Reason(CAP, bounded - total, "limit of the axis", Basis.OBSERVED))
    return bounded


def _basis(when: tuple[Condition, ...], bases: Mapping[str, set[str]]) -> str:
    """The weakest ground that the line rests on: a model's estimate marks the whole line."""
    used = [bases[condition.signal] for condition in when if condition.signal in bases]
    for basis in _WEAKEST_FIRST:
        for some in used:
            if basis in some:
                return basis.value
    return Basis.OBSERVED.value
