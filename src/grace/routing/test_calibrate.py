from __future__ import annotations

import pytest

from grace.routing.calibrate import Judged, calibrate, table


def judged(confidences: dict[str, float], right: str, named: str | None = None) -> Judged:
    sure = [state for state, confidence in confidences.items() if confidence >= 0.3]
    return Judged(confidences, frozenset(sure if named is None else named.split()), frozenset(right.split()))


def test_nothing_measured_is_not_zero() -> None:
    found = calibrate([])
    assert (found.referrals, found.precision, found.recall, found.gap) == (0, None, None, None)
    assert all(each.share is None for each in found.lines)


def test_shares_by_confidence() -> None:
    found = calibrate([judged({"AT": 0.75}, "AT"), judged({"AT": 0.75}, "FR"), judged({"AT": 0.75, "FR": 0.1}, "AT")])
    by_low = {each.low: each for each in found.lines}
    assert (by_low[0.7].proposals, by_low[0.7].right) == (3, 2)
    assert by_low[0.7].share == pytest.approx(2 / 3)
    assert (by_low[0.0].proposals, by_low[0.0].right) == (1, 0)
    assert sum(each.proposals for each in found.lines) == 4


def test_sets_precision_and_recall() -> None:
    found = calibrate([judged({"AT": 0.9}, "AT FR"), judged({"AT": 0.9, "DE": 0.5}, "AT DE"), judged({}, "")])
    assert (found.referrals, found.sets_right) == (3, 2)
    assert found.precision == 1.0
    assert found.recall == pytest.approx(3 / 4)


def test_certainty_has_a_line_too() -> None:
    found = calibrate([judged({"AT": 1.0}, "AT")])
    assert found.lines[-1].proposals == 1
    assert found.gap == 0


def test_the_table_has_a_line_for_each_bin() -> None:
    assert len(table(calibrate([judged({"AT": 0.4}, "AT")]))) == 10
