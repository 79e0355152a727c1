"""Signs that a promise is becoming doubtful, before it is broken. Each is wrong with a probability that was chosen beforehand.

Three things are watched. *Where urgent ones stand*: the rank of each audited urgent one among all before it is uniform while
nothing changes (conformal p-values), and a bettor who stakes on low ranks grows rich only where something did: Vovk, Gammerman
and Shafer, Algorithmic Learning in a Random World (2nd ed., 2022), chapter 8; Ville's inequality bounds false alarms however often
one looks. The stake is spread over all starting times, so that a late change is not met by a poor bettor (Shiryaev and Roberts;
Shin, Ramdas and Rinaldo, "E-detectors", NEJSDS 2 (2024)). *How many are urgent*: an exact hypergeometric test. *How all referrals
are scored*: a distance beyond a tolerance, by the inequality of Dvoretzky, Kiefer and Wolfowitz with Massart's constant
(Annals of Probability 18 (1990), 1269-1283). Pure functions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from math import fsum, log, sqrt

import numpy as np
from numpy.typing import NDArray

from grace.priority.promise import log_choose

POWERS = (0.7, 0.85)
"""Exponents of the bets on low ranks in general: the smaller, the bolder."""
TAILS = ((1, 2), (3, 3))
"""Bets on ranks within the promised share, or a third of it, to come twice or three times as often. Chosen by simulation."""
DOUBTS = {"ranks": 0.04, "rate": 0.005, "scores": 0.005}
"""How likely each sign is to be seen in the life of a line although nothing changed: together at most one time in twenty."""
TOLERANCE = 0.05
"""How far the scores may move before it matters: about an eighth of a standard deviation, which makes a miss rate of 1 % 1.4 %."""


def ranks(before: Sequence[int], since: Sequence[int], chance: Sequence[float]) -> list[float]:
    """The conformal p-value of each position of ``since``, in order of time, among those ``before`` and its predecessors.

    ``chance`` (uniform in [0, 1), one for each) breaks ties. Low means lower than most.
    """
    known = sorted(before)
    found = []
    for place, part in zip(since, chance, strict=True):
        low = bisect_left(known, place)
        same = bisect_right(known, place) - low + 1
        found.append((low + part * same) / (len(known) + 1))
        insort(known, place)
    return found


def wealth(p_values: NDArray[np.float64], horizon: int, share: int) -> NDArray[np.float64]:
    """What the bettor has after each of the p-values (…, n), who began with 1; ``horizon`` is the length of the game.

    ``share`` is the promised one, in thousandths. While nothing changes the bettor ever has 1 / doubt with a probability of at
    most ``doubt``. Shape and order are those given.
    """
    held = np.zeros((*p_values.shape[:-1], len(POWERS) + len(TAILS)))
    told = np.empty(p_values.shape)
    for step in range(p_values.shape[-1]):
        new = 1 / horizon if step < horizon else 0.0
        held = (held + new) * _gains(np.maximum(p_values[..., step, None], 1e-12), share / 1000)
        told[..., step] = held.mean(axis=-1) + max(0.0, 1 - (step + 1) / horizon)
    return told


def _gains(low: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """What each bet makes of a stake of 1, for p-values (…, 1): on the average 1, where they are uniform."""
    powers = np.array(POWERS)
    parts = np.array([share / part for part, _ in TAILS])
    times = np.minimum([times for _, times in TAILS], 1 / parts)
    return np.concatenate([powers * low ** (powers - 1), np.where(low <= parts, times, (1 - times * parts) / (1 - parts))], axis=-1)


def rate_doubt(urgent: int, audited: int, urgent_since: int, audited_since: int) -> float:
    """How unlikely so many urgent ones since are, more or fewer, if the rate is what it was: two-sided, exact given the sum."""
    total = urgent + urgent_since
    least, most = max(0, total - audited), min(total, audited_since)
    more = np.arange(least + 1, most + 1)  # each term of the law from the last, as logarithms
    steps = np.log((total - more + 1) / more) + np.log((audited_since - more + 1) / (audited - total + more))
    first = log_choose(audited_since, least) + log_choose(audited, total - least) - log_choose(audited + audited_since, total)
    law = np.exp(first + np.concatenate([[0.0], np.cumsum(steps)]))
    place = urgent_since - least
    return min(1.0, 2 * float(min(law[: place + 1].sum(), law[place:].sum())))


def moved(before: Mapping[int, int], since: Mapping[int, int], doubt: float, tolerance: float = TOLERANCE) -> float:
    """By how much the distribution of all positions moved beyond the tolerance and what chance explains; at most 0: no sign of it.

    Both are counts by position. Where it is positive although the true distance is within the tolerance, chance had it so with a
    probability of at most ``doubt``.
    """
    if not (before and since):
        return -1.0
    steps = sorted(before.keys() | since.keys())
    first, second = (np.array([each.get(step, 0) for step in steps]) for each in (before, since))
    return moved_apart(first, second, doubt, tolerance)


def moved_apart(before: NDArray[np.int64], since: NDArray[np.int64], doubt: float, tolerance: float = TOLERANCE) -> float:
    """The same of counts (n) in the same steps, none of the two empty."""
    sizes = [int(before.sum()), int(since.sum())]
    distance = np.abs(np.cumsum(before) / sizes[0] - np.cumsum(since) / sizes[1]).max()
    return float(distance) - tolerance - fsum(sqrt(log(4 / doubt) / (2 * size)) for size in sizes)


def spent(doubt: float, look: int) -> float:
    """The part of a doubt that may be spent at the ``look``-th look, from 1 on: all together they do not exceed it."""
    return doubt / (look * (look + 1))
