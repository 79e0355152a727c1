from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from grace.priority.measures import area, calibration_error, caught, interval


def test_the_area_is_the_share_of_pairs_in_order_by_weight() -> None:
    rng = np.random.default_rng(3)
    labels, scores, weights = (rng.random(60) < 0.3).astype(float), rng.integers(0, 8, 60).astype(float), rng.random(60)
    ups, downs = np.flatnonzero(labels), np.flatnonzero(labels == 0)
    pairs = [(weights[a] * weights[b], 1.0 if scores[a] > scores[b] else 0.5 * (scores[a] == scores[b])) for a, b in product(ups, downs)]
    assert area(labels, scores, weights) == pytest.approx(sum(w * x for w, x in pairs) / sum(w for w, _ in pairs), abs=1e-12)


def test_one_sort_has_no_area() -> None:
    assert np.isnan(area(np.zeros(4), np.arange(4.0), np.ones(4)))


def test_calibration_of_what_is_right_and_of_what_is_not() -> None:
    labels = np.tile([0.0, 0.0, 0.0, 1.0], 1_000)
    assert calibration_error(labels, np.full(4_000, 0.25), np.ones(4_000)) == pytest.approx(0, abs=1e-3)
    assert calibration_error(labels, np.full(4_000, 0.75), np.ones(4_000)) == pytest.approx(0.5, abs=1e-3)


def test_what_the_first_tenth_holds_and_how_sure_that_is() -> None:
    labels = np.zeros(100)
    labels[:5], labels[50:55] = 1, 1
    scores = -np.arange(100.0)
    assert caught(labels, scores, np.ones(100)) == 0.5
    value, low, high = interval(caught, labels, scores, np.ones(100), 1)
    assert low <= value <= high
