"""From outcomes to a ranker with its passport: what is learned from, what is held back, what each outcome stands for.

Officers read from the top, so that outcomes are no fair sample: each is weighted by how many referrals came for each one that was
decided at its height in the queue. The audit reaches every height, so that no height is without outcomes for long; what was reached
by an officer's own choice is taken as chance within its height. The newest quarter is held back and measured on, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grace.priority.features import Feature, of_terms, valued, without_terms
from grace.priority.fit import Table, fit
from grace.priority.measures import area, calibration_error, caught, interval
from grace.priority.outcomes import Told
from grace.priority.rules import Rules
from grace.priority.score import assess
from grace.priority.shapes import Ranker, chance, digest, read_ranker, told_as
from grace.priority.tally import position
from grace.sdk.signals import DENIED, is_denied

Floats = NDArray[np.float64]
LEAST_URGENT, LEAST_CALM = 60, 240
"""Outcomes of each sort without which nothing is learned."""
HELD = 0.25
LEAST_TERM = 20
PARTS = 12
"""Heights of the queue, each with as many referrals."""
LARGEST_WEIGHT = 100.0
MOST_PAIRS = 8
PASSPORT = "grace-ranker-passport"


@dataclass(frozen=True, slots=True)
class TooFew:
    """Nothing can be learned yet: so many outcomes of each sort are missing."""

    urgent_missing: int
    calm_missing: int


def missing(labels: Sequence[bool]) -> TooFew | None:
    """What is missing, where something is: of both sorts in all, and in the part that is held back a third of their share."""
    urgent = sum(labels)
    found = TooFew(max(0, LEAST_URGENT - urgent), max(0, LEAST_CALM - (len(labels) - urgent)))
    if found.urgent_missing or found.calm_missing:
        return found
    held = labels[_cut(labels) :]
    least = ceil(LEAST_URGENT * HELD / 3)
    found = TooFew(max(0, least - sum(held)), max(0, least - sum(not each for each in held)))
    return found if found.urgent_missing or found.calm_missing else None


def train(outcomes: Sequence[Told], came: Mapping[int, int], rules: Rules, number: int, *, seed: int = 1) -> tuple[Ranker, dict[str, Any]]:
    """Learn from outcomes in the order of their decisions; ``came`` counts all referrals by step of positions by ``rules`` (version ``number``).

    Raises ``ValueError`` where too few are there: ask :func:`missing` first.
    """
    told = [valued(each.signals) for each in outcomes]
    heights = np.array([_height(each, rules) for each in outcomes])
    weights, unread = weigh(heights, came)
    labels = np.array([each.is_urgent for each in outcomes], float)
    cut = _cut(outcomes)
    features = [*without_terms(), *of_terms(told[:cut], LEAST_TERM)]
    ranker = fit(Table(features, values(features, told[:cut]), labels[:cut], weights[:cut]), pairs=MOST_PAIRS, seed=seed)
    body = told_as(ranker)
    ranker = read_ranker(body)
    passport = {
        "format": PASSPORT,
        "digest": digest(body),
        "data": _data(outcomes, cut, weights, unread),
        "measured": measured(ranker, told[cut:], labels[cut:], weights[cut:], heights[cut:].astype(float)),
        "features": [{"feature": each.name, "axis": each.axis.value, "direction": each.direction} for each in _used(ranker)],
        "denied": {"words": sorted(DENIED), "found": [each.name for each in _used(ranker) if is_denied(each.kind) or is_denied(each.term)]},
        "against_direction": 0,
        "rules": number,
        "seed": seed,
    }
    return ranker, passport


def weigh(heights: NDArray[np.int64], came: Mapping[int, int]) -> tuple[Floats, float]:
    """What each outcome stands for: referrals that came at its height over those that were decided there, at most :data:`LARGEST_WEIGHT`.

    Beside it the share of all referrals that came at heights where none was decided.
    """
    steps = np.array(sorted(came), np.int64)
    numbers = np.array([came[int(each)] for each in steps], float)
    if not len(steps):
        return np.ones(len(heights)), 0.0
    parts = np.minimum((np.cumsum(numbers) - numbers / 2) / numbers.sum() * PARTS, PARTS - 1).astype(np.int64)
    of = parts[np.clip(np.searchsorted(steps, heights, "right") - 1, 0, len(steps) - 1)]
    population, decided = np.bincount(parts, numbers, PARTS), np.bincount(of, minlength=PARTS)
    unread = float(population[decided == 0].sum() / population.sum())
    return np.clip(population[of] / decided[of], 1.0, LARGEST_WEIGHT), unread


def values(features: Sequence[Feature], told: Sequence[Mapping[str, float]]) -> Floats:
    """What is said, as a table; NaN where it is not, 0 for what is counted."""
    absent = [0.0 if each.is_counted else float("nan") for each in features]
    return np.array([[each.get(one.name, nothing) for one, nothing in zip(features, absent, strict=True)] for each in told], float)


def measured(ranker: Ranker, told: Sequence[Mapping[str, float]], labels: Floats, weights: Floats, by_rules: Floats) -> dict[str, Any]:
    """How it does on what it has not seen, each value with its interval of 95 %, beside the rules' own order."""
    scores = np.array([ranker.score(each) for each in told], float)
    chances = np.array([chance(int(each)) for each in scores])
    return {
        "area": interval(area, labels, scores, weights, 1),
        "area_of_rules": interval(area, labels, by_rules, weights, 1),
        "caught": interval(caught, labels, scores, weights, 2),
        "caught_by_rules": interval(caught, labels, by_rules, weights, 2),
        "calibration_error": interval(calibration_error, labels, chances, weights, 3),
    }


def _height(outcome: Told, rules: Rules) -> int:
    assessed = assess(outcome.signals, rules)
    return position(assessed.floor, assessed.by_rules(rules))


def _cut(outcomes: Sequence[object]) -> int:
    return len(outcomes) - round(HELD * len(outcomes))


def _data(outcomes: Sequence[Told], cut: int, weights: Floats, unread: float) -> dict[str, Any]:
    parts = {"trained": outcomes[:cut], "held": outcomes[cut:]}
    counts = {name: {"outcomes": len(part), "urgent": sum(each.is_urgent for each in part)} for name, part in parts.items()}
    period = {"from": outcomes[0].decided_at.isoformat(), "until": outcomes[-1].decided_at.isoformat()}
    return {**counts, **period, "largest_weight": round(float(weights.max()), 2), "unread": round(unread, 4)}


def _used(ranker: Ranker) -> list[Feature]:
    found = {each.feature.name: each.feature for each in ranker.shapes.values()}
    found |= {each.name: each for pair in ranker.pairs for each in (pair.first, pair.second)}
    return [found[name] for name in sorted(found)]
