"""Lines in an invented world whose truth is known: what promises come to in many independent batches, and how drift is met.

Urgent referrals of a state have scores around a mean of their own, all others around 0, with a standard deviation of 1; positions
are those scores in hundredths, so that some are equal. The share that truly lies below a line is computed, not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import erf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grace.priority.drift import DOUBTS, moved_apart, ranks, rate_doubt, spent, wealth
from grace.priority.promise import Batch, Promise, expected
from grace.priority.tally import thinned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEP = 0.01
STATES = {
    "Averia": (0.3, 2.6),
    "Boria": (0.2, 2.3),
    "Cedria": (0.15, 2.3),
    "Doria": (0.12, 2.0),
    "Eldria": (0.1, 2.6),
    "Feria": (0.08, 1.4),
    "Goria": (0.05, 2.3),
}
"""Of each invented state its share of the urgent referrals, and how far these stand above the others."""
SHARES: Floats = np.array([share for share, _ in STATES.values()])
MEANS: Floats = np.array([mean for _, mean in STATES.values()])


def below(z: Floats | float) -> Floats:
    """The normal law."""
    return np.asarray(0.5 * (1 + _erf(np.asarray(z, float) / sqrt(2))), float)


_erf = np.vectorize(erf, otypes=[float])


@dataclass(frozen=True, slots=True)
class World:
    """Random audits before, one batch afterwards: how many referrals, and the share of urgent ones."""

    audited: int
    batch: int
    urgent: float = 0.02


@dataclass(frozen=True, slots=True)
class Told:
    """What one way to draw a line came to in ``trials``: how often it drew none, and of the others how often it broke which promise."""

    trials: int
    refused: int
    batches_broken: int
    populations_broken: int
    read: float

    @property
    def batch_share(self) -> float:
        """The share of batches in which more lay below than was promised."""
        return self.batches_broken / max(1, self.trials - self.refused)

    @property
    def population_share(self) -> float:
        """The share of lines below which more lie in the population."""
        return self.populations_broken / max(1, self.trials - self.refused)


@lru_cache(maxsize=100_000)
def _rank(share: int, doubt: int, urgent: int, batch: Batch | None) -> int:
    return Promise(share, doubt, batch).rank(urgent)


Way = Callable[[int, int, int, World], int]
"""From share (thousandths), audited urgent ones, audited ones and the world to the rank of the line; 0: none."""

WAYS: Mapping[str, Way] = {
    "batch promise": lambda share, urgent, audited, world: _rank(share, 40, urgent, expected(urgent, audited, world.batch)),
    "population promise": lambda share, urgent, audited, world: _rank(share, 50, urgent, None),
    "quantile as it is": lambda share, urgent, audited, world: urgent * share // 1000 + 1,
    "conformal (the mean)": lambda share, urgent, audited, world: (urgent + 1) * share // 1000,
}
"""Ours, and what is done elsewhere. The line of Clopper and Pearson's bound is our population promise."""


def positions(rng: np.random.Generator, states: Ints, means: Floats = MEANS, shift: Floats | float = 0.0) -> Ints:
    """Where urgent referrals of these states stand."""
    return np.floor((means[states] - shift + rng.standard_normal(states.shape)) / STEP).astype(np.int64)


def missed(line: Floats | Ints, shares: Floats = SHARES, means: Floats = MEANS) -> Floats:
    """The share of all urgent ones below a line at the lower end of a step."""
    return np.asarray(np.sum([share * below(np.asarray(line) * STEP - mean) for share, mean in zip(shares, means, strict=True)], axis=0))


def trials(share: int, world: World, runs: int, seed: int, state: int | None = None) -> dict[str, Told]:
    """Draw the line in so many independent worlds by each way, of all or of one state, and count what was broken in the next batch."""
    rng = np.random.default_rng(seed)
    rate = world.urgent * (1 if state is None else SHARES[state])
    shares, means = (SHARES, MEANS) if state is None else (np.ones(1), MEANS[[state]])
    lines: dict[str, list[int]] = {name: [] for name in WAYS}
    broken = dict.fromkeys(WAYS, 0)
    for _ in range(runs):
        urgent, size = (int(rng.binomial(number, rate)) for number in (world.audited, world.batch))
        drawn = rng.choice(len(shares), urgent + size, p=shares)
        places = positions(rng, drawn, means)
        labels, batch = np.sort(places[:urgent]), places[urgent:]
        for name, way in WAYS.items():
            rank = way(share, urgent, world.audited, world)
            if rank:
                lines[name].append(int(labels[rank - 1]))
                broken[name] += int(1000 * np.count_nonzero(batch < labels[rank - 1]) > share * size)
    return {name: _told(share, runs, np.array(lines[name], float), broken[name], shares, means) for name in WAYS}


def _told(share: int, runs: int, lines: Floats, broken: int, shares: Floats, means: Floats) -> Told:
    over = int(np.count_nonzero(1000 * missed(lines, shares, means) > share)) if lines.size else 0
    return Told(runs, runs - lines.size, broken, over, float(np.mean(1 - below(lines * STEP))) if lines.size else 1.0)


@dataclass(frozen=True, slots=True)
class Drift:
    """How the world changes from its ``start`` to its ``end``: in shares of states, shift of scores, and a kind that stands with the others.

    ``of_all``: whether the scores of all referrals shift, or those of urgent ones only.
    """

    rises: float = 0.0
    shifts: float = 0.0
    new: float = 0.0
    of_all: bool = True


KINDS = {
    "nothing changes": Drift(),
    "more urgent ones in a state that is served worse": Drift(rises=1),
    "all scores fall": Drift(shifts=1),
    "the scores of urgent ones fall": Drift(shifts=1, of_all=False),
    "a new kind of urgent ones": Drift(new=1),
}


@dataclass(frozen=True, slots=True)
class Course:
    """One run: the miss rate over the promised share at each look, and at which look each sign was first seen.

    ``p_values`` are those of the audited urgent ones on the way, ``counts`` how many there were at each look.
    """

    missed: Floats
    seen: dict[str, int]
    p_values: list[float]
    counts: list[int]

    @property
    def alarm(self) -> int | None:
        """The look at which the first sign was seen."""
        return min(self.seen.values(), default=None)


LOOKS = 20
WORSE = 5
"""The state of which more come: its urgent ones stand lowest."""


def _at(drift: Drift, size: float) -> tuple[Floats, Floats, float, float]:
    """Shares, means, growth of the number of urgent ones and share of the new kind after a drift of this size."""
    weights = SHARES.copy()
    weights[WORSE] *= 1 + drift.rises * size
    new = min(0.9, drift.new * size)
    return weights / weights.sum(), MEANS - drift.shifts * size, float(weights.sum()) / (1 - new), new


def miss_rate(line: float, drift: Drift, size: float) -> float:
    """The share of urgent ones below the line after a drift of this size."""
    shares, means, _growth, new = _at(drift, size)
    return float((1 - new) * missed(np.array(line), shares, means) + new * below(line * STEP))


def size_to(line: float, drift: Drift, rate: float) -> float:
    """How large the drift is when the miss rate reaches this one."""
    low, high = 0.0, 200.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if miss_rate(line, drift, middle) < rate else (low, middle)
    return high


def course(
    share: int, drift: Drift, length: int, labels: int, rng: np.random.Generator, urgent: float = 0.02, audit: float = 0.02
) -> Course:
    """Draw a line on ``labels`` audited urgent ones, let the world drift evenly until twice the share is missed, and look on the way.

    On the way there are about ``length`` audited urgent ones; of all referrals a share of ``audit`` is audited.
    """
    before = positions(rng, rng.choice(len(SHARES), labels, p=SHARES))
    line = float(np.sort(before)[Promise(share, 50).rank(labels) - 1])
    whole = size_to(line, drift, 2 * share / 1000) if drift != KINDS["nothing changes"] else 0.0
    sizes = whole * np.arange(1, LOOKS + 1) / LOOKS
    per_look, seen = round(length / LOOKS / urgent), dict[str, int]()
    parts, counts, all_before = [], [], _scores(rng, 0.0, labels / urgent / audit)
    since = 0
    for look, size in enumerate(sizes, start=1):
        shares, means, growth, new = _at(drift, size - whole / LOOKS / 2)
        number = int(rng.binomial(per_look, min(1.0, urgent * growth)))
        parts.append(
            np.where(
                rng.random(number) < new,
                np.floor(rng.standard_normal(number) / STEP).astype(np.int64),
                positions(rng, rng.choice(len(shares), number, p=shares), means),
            )
        )
        counts.append(number)
        since += number
        if rate_doubt(labels, round(labels / urgent), since, look * per_look) <= spent(DOUBTS["rate"], look):
            seen.setdefault("rate", look)
        scores = _scores(rng, drift.shifts * size if drift.of_all else 0.0, per_look / audit)
        if moved_apart(all_before, scores, spent(DOUBTS["scores"], look)) > 0:
            seen.setdefault("scores", look)
    places = np.concatenate(parts)
    low = ranks(before.tolist(), places.tolist(), rng.random(places.size).tolist())
    return Course(np.array([1000 * miss_rate(line, drift, size) / share for size in sizes]), seen, low, counts)


_EDGES = np.linspace(-3, 3, 61)


def _scores(rng: np.random.Generator, shift: float, number: float) -> Ints:
    """How many of all referrals stand in each step."""
    parts = np.diff(below(np.concatenate([[-9.0], _EDGES, [9.0]]) + shift))
    return np.asarray(rng.multinomial(round(number), parts / parts.sum()))


def courses(share: int, drift: Drift, length: int, labels: int, runs: int, seed: int, **more: Any) -> list[Course]:
    """So many independent runs."""
    rng = np.random.default_rng(seed)
    found = [course(share, drift, length, labels, rng, **more) for _ in range(runs)]
    padded = np.ones((runs, max(len(each.p_values) for each in found)))
    for row, each in zip(padded, found, strict=True):
        row[: len(each.p_values)] = each.p_values
    for each, rich in zip(found, wealth(padded, labels, share) >= 1 / DOUBTS["ranks"], strict=True):
        if rich[: len(each.p_values)].any():
            each.seen["ranks"] = int(np.searchsorted(np.cumsum(each.counts), rich.argmax(), side="right")) + 1
    return found


def in_time(found: list[Course]) -> float:
    """The share of runs with an alarm before twice the promised share is missed: at the last look it is."""
    return sum(each.alarm is not None and each.alarm < LOOKS for each in found) / len(found)


def weighted(
    share: int, runs: int, seed: int, shares: tuple[float, float] = (0.02, 0.1), batch: int = 400, labels: int = 20_000
) -> dict[str, Told]:
    """Lines on samples that hold the upper half of positions with another share than the lower one, and the next batch.

    Of ``labels`` urgent referrals each half is drawn at its share. Beside thinning stand forgetting the weights, and the weighted
    quantile with the rank of a plain sample of the same size.
    """
    rng = np.random.default_rng(seed)
    middle = float(np.median(positions(np.random.default_rng(1), np.random.default_rng(2).choice(len(SHARES), 100_000, p=SHARES))))
    lines: dict[str, list[float]] = {"thinned": [], "weights forgotten": [], "weighted quantile": []}
    broken = dict.fromkeys(lines, 0)
    for _ in range(runs):
        places = positions(rng, rng.choice(len(SHARES), labels + batch, p=SHARES))
        everything, coming = places[:labels], places[labels:]
        chance = np.where(everything < middle, *shares)
        drawn = rng.random(labels) < chance
        some, weights = everything[drawn], 1 / chance[drawn]
        kept = np.sort(some[thinned(weights, rng.random(some.size))])
        ordered = np.argsort(some, kind="stable")
        heavy = np.cumsum(weights[ordered]) / weights.sum()
        for name, labelled, place in (
            ("thinned", kept, _rank(share, 50, kept.size, Batch(batch, batch)) - 1),
            ("weights forgotten", np.sort(some), _rank(share, 50, some.size, Batch(batch, batch)) - 1),
            ("weighted quantile", some[ordered], int(np.searchsorted(heavy, share / 1000))),
        ):
            if place >= 0:
                lines[name].append(float(labelled[place]))
                broken[name] += int(1000 * np.count_nonzero(coming < labelled[place]) > share * batch)
    return {name: _told(share, runs, np.array(lines[name]), broken[name], SHARES, MEANS) for name in lines}
