"""How the next referral can be chosen: by a key that is the least first, and with or without a share out of turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grace.priority.laboratory.coming import Coming
from grace.priority.laboratory.setting import DAY, Way

AGEING_DAYS = 30
"""So many days of waiting weigh as much as one standard deviation of the score."""
SOON, LATE, SOON_SHARE = 1, 30, 0.1
"""Deadlines in days: of what a floor holds up and the best tenth by score, and of the rest."""
_FLOOR = 1_000.0
"""More than any score."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to choose: the key of each referral, the least first, and whether a share is given out of turn."""

    key: Callable[[Coming], NDArray[np.float64]]
    out_of_turn: bool = False


def _by_time(coming: Coming) -> NDArray[np.float64]:
    return coming.times


def _by_score(coming: Coming) -> NDArray[np.float64]:
    return -coming.scores - _FLOOR * coming.floored


def _ageing(coming: Coming) -> NDArray[np.float64]:
    return coming.times / (DAY * AGEING_DAYS) - coming.scores - _FLOOR * coming.floored


def _deadline(coming: Coming) -> NDArray[np.float64]:
    bar = np.quantile(coming.scores, 1 - SOON_SHARE) if len(coming.scores) else 0.0
    soon = coming.floored | (coming.scores >= bar)
    return np.asarray(coming.times + DAY * np.where(soon, SOON, LATE))


POLICIES: Mapping[str, Policy] = {
    Way.TURNS: Policy(_by_score, out_of_turn=True),
    Way.SCORE: Policy(_by_score),
    Way.FIFO: Policy(_by_time),
    Way.AGEING: Policy(_ageing),
    Way.DEADLINE: Policy(_deadline),
}
"""``turns`` is what the product does. The constants of ageing and deadlines are not tuned."""
