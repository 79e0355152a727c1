"""A ranker as it runs: tables of whole points, one for each feature and a few for pairs, whose entries sum to the score.

A score is 0 to 10,000; :data:`PER_LOGIT` points are one unit of the logarithm of the odds that an officer escalates. Reasons are the
entries of the tables themselves, in whole numbers, so that they sum to the score exactly. Pure functions, standard library only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from json import dumps
from math import exp, isfinite
from typing import Any

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.priority.axes import Axis
from grace.priority.features import Feature, feature

FORMAT = "grace-ranker"
PER_LOGIT = 500
MIDDLE = 5_000
"""The score at even odds."""
HIGHEST = 10_000
AND = " & "
"""Between the two features of a pair in the name of its line."""
START, LIMIT = "start", "limit"
"""The lines that no feature gives: what a referral has of which nothing is said, and what brings a sum back within 0 to 10,000."""
MOST_BINS, MOST_PAIRS, MOST_POINTS = 256, 64, 100_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What a feature gives: ``points`` between ascending ``edges``, one more than these. Where it is not said it gives nothing."""

    feature: Feature
    edges: tuple[float, ...]
    points: tuple[int, ...]

    def at(self, value: float) -> int:
        """The points for a value."""
        return self.points[bisect_right(self.edges, value)]


@dataclass(frozen=True, slots=True)
class Pair:
    """What two features of one axis give beyond each alone; the first row and the first column are for what is not said."""

    first: Feature
    second: Feature
    edges: tuple[tuple[float, ...], tuple[float, ...]]
    points: tuple[tuple[int, ...], ...]

    def at(self, told: Mapping[str, float]) -> int:
        """The points for what is said of a referral."""
        row, column = (_place(each, edges, told) for each, edges in zip((self.first, self.second), self.edges, strict=True))
        return self.points[row][column]


@dataclass(frozen=True, slots=True)
class Given:
    """One reason: the features that it rests on (none for :data:`START` and :data:`LIMIT`), its axis, its points, what was said."""

    name: str
    axis: Axis | None
    points: int
    values: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranker:
    """A checked body: what a referral starts with, and what each feature and pair gives."""

    start: int
    shapes: Mapping[str, Shape]
    pairs: tuple[Pair, ...]

    def score(self, told: Mapping[str, float]) -> int:
        """The score of a referral, by what is said of it (:func:`grace.priority.features.valued`)."""
        return max(0, min(HIGHEST, self._sum(told)))

    def _sum(self, told: Mapping[str, float]) -> int:
        shapes = self.shapes
        whole = self.start + sum(shapes[name].at(value) for name, value in told.items() if name in shapes)
        return whole + sum(pair.at(told) for pair in self.pairs)

    def reasons(self, told: Mapping[str, float]) -> list[Given]:
        """Every entry that is not nothing, by weight; they sum to the score."""
        lines = [Given(name, self.shapes[name].feature.axis, self.shapes[name].at(value), (value,)) for name, value in self._said(told)]
        for pair in self.pairs:
            both = pair.first.name, pair.second.name
            lines.append(Given(AND.join(both), pair.first.axis, pair.at(told), tuple(told.get(name) for name in both)))
        lines = sorted((each for each in lines if each.points), key=lambda each: (-abs(each.points), each.name))
        total = self.start + sum(each.points for each in lines)
        within = max(0, min(HIGHEST, total)) - total
        return [Given(START, None, self.start), *lines, *([Given(LIMIT, None, within)] if within else [])]

    def _said(self, told: Mapping[str, float]) -> Iterator[tuple[str, float]]:
        return ((name, value) for name, value in told.items() if name in self.shapes)


def chance(score: int) -> float:
    """What a score says: the probability that an officer escalates, as far as it is calibrated."""
    return 1 / (1 + exp(-(score - MIDDLE) / PER_LOGIT))


def digest(body: Mapping[str, Any]) -> str:
    """By what a body is known, in hexadecimal digits."""
    return sha256(dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def read_ranker(body: object) -> Ranker:
    """Check a body and make it runnable. Raises :class:`Invalid` for one that no program of ours wrote.

    What is not published, or denied, cannot be named; a direction is the published one, and is held by every table.
    """
    try:
        return _read(body)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Invalid(_("This is no ranker: %(why)s") % {"why": fault}, remedy=_("Train one anew: grace priority train.")) from None


def told_as(ranker: Ranker) -> dict[str, Any]:
    """The body of a ranker, as JSON."""
    return {
        "format": FORMAT,
        "start": ranker.start,
        "shapes": [
            {"feature": each.feature.name, "edges": list(each.edges), "points": list(each.points)} for each in ranker.shapes.values()
        ],
        "pairs": [
            {
                "features": [each.first.name, each.second.name],
                "edges": [list(edges) for edges in each.edges],
                "points": [list(row) for row in each.points],
            }
            for each in ranker.pairs
        ],
    }


def _read(body: Any) -> Ranker:
    if body["format"] != FORMAT or len(body["pairs"]) > MOST_PAIRS:
        raise ValueError(f"not of the form {FORMAT}")
    shapes = {each["feature"]: _shape(each) for each in body["shapes"]}
    if len(shapes) != len(body["shapes"]):
        raise ValueError("a feature comes twice")
    return Ranker(_whole(body["start"]), shapes, tuple(_pair(each) for each in body["pairs"]))


def _shape(raw: Mapping[str, Any]) -> Shape:
    made = Shape(feature(raw["feature"]), _edges(raw["edges"]), tuple(_whole(each) for each in raw["points"]))
    if len(made.points) != len(made.edges) + 1 or (made.feature.is_counted and made.at(0) != 0):
        raise ValueError(f"{made.feature.name} has points for what is not said, or not one for each part")
    _demand_direction(made.feature, made.points)
    return made


def _pair(raw: Mapping[str, Any]) -> Pair:
    first, second = (feature(name) for name in raw["features"])
    edges = _edges(raw["edges"][0]), _edges(raw["edges"][1])
    points = tuple(tuple(_whole(each) for each in row) for row in raw["points"])
    if first.axis is not second.axis or first.axis is Axis.NOVELTY or first.name == second.name:
        raise ValueError(f"{first.name} and {second.name} are not of one axis")
    if len(points) != len(edges[0]) + 2 or any(len(row) != len(edges[1]) + 2 for row in points):
        raise ValueError(f"{first.name} and {second.name} have not one number for each part")
    made = Pair(first, second, edges, points)
    if made.at({}):
        raise ValueError(f"{first.name} and {second.name} have points for what is not said")
    for row in points:
        _demand_direction(second, row)
    for column in zip(*points, strict=True):
        _demand_direction(first, column)
    return made


def _demand_direction(of: Feature, points: tuple[int, ...]) -> None:
    if any(of.direction * (after - before) < 0 for before, after in pairwise(points)):
        raise ValueError(f"{of.name} goes against its direction")


def _edges(raw: Any) -> tuple[float, ...]:
    edges = tuple(float(each) for each in raw)
    if len(edges) >= MOST_BINS or not all(isfinite(each) for each in edges) or any(b <= a for a, b in pairwise(edges)):
        raise ValueError("edges that do not rise")
    return edges


def _whole(raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or abs(raw) > MOST_POINTS:
        raise ValueError("points that are no whole number")
    return raw


def _place(of: Feature, edges: tuple[float, ...], told: Mapping[str, float]) -> int:
    value = told.get(of.name, 0.0 if of.is_counted else None)
    return 0 if value is None else 1 + bisect_right(edges, value)
