"""The share out of turn, as queue and laboratory both ask for it."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from grace.priority import turns


class Few:
    """A queue of names."""

    def __init__(self, *, urgent: bool = False, audited: str | None = "audited") -> None:
        self._urgent, self._audited = urgent, audited

    def urgent(self) -> bool:
        return self._urgent

    def oldest(self) -> str | None:
        return "oldest"

    def audited(self) -> str | None:
        return self._audited

    def any_by_lot(self) -> str | None:
        return "any"


def test_the_share_is_kept_and_its_thirds_are_alike() -> None:
    dice = Random(1)
    found = Counter(turns.out_of_turn(300, dice.randrange, Few()) for _time in range(30_000))
    assert found[None] / 30_000 == pytest.approx(0.7, abs=0.01)
    for each in ("oldest", "audited", "any"):
        assert found[each] / 30_000 == pytest.approx(0.1, abs=0.01)


def test_where_nothing_is_audited_any_is_given() -> None:
    dice = Random(1)
    assert {turns.out_of_turn(1000, dice.randrange, Few(audited=None)) for _time in range(100)} == {"oldest", "any"}


def test_nothing_is_given_before_what_is_urgent_or_without_a_share() -> None:
    dice = Random(1)
    assert {turns.out_of_turn(1000, dice.randrange, Few(urgent=True)) for _time in range(100)} == {None}
    assert {turns.out_of_turn(0, dice.randrange, Few()) for _time in range(100)} == {None}
