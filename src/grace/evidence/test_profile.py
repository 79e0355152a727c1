from __future__ import annotations

import json

import pytest

from grace.evidence.profile import LEAST, in_force, read
from grace.kernel.errors import Invalid

GOOD = {"name": "x", "version": 1, "conditions": ["officer", "held_by_unit", "capability", "purpose"], "purposes": ["triage"]}


def test_the_profile_in_force_asks_for_everything() -> None:
    assert in_force().conditions >= LEAST
    assert in_force().code == "first-1"
    assert in_force().purposes == {"triage", "investigation", "quality"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"conditions": ["officer", "capability", "purpose"]},
        {"conditions": ["officer", "held_by_unit", "capability", "purpose", "full moon"]},
        {"conditions": None},
        {"version": "two"},
        {"open_everything": True},
    ],
)
def test_a_weaker_or_unknown_profile_is_no_profile(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        read(json.dumps(GOOD | wrong))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "{"])
def test_no_profile_at_all(text: str) -> None:
    with pytest.raises(Invalid):
        read(text)
