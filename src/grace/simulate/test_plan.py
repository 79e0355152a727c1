from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from grace.kernel import clock
from grace.kernel.errors import Invalid
from grace.simulate.plan import Form, WorldPlan, demo_plan, load_plan


def test_the_default_urgent_share_is_that_of_2023() -> None:
    assert WorldPlan().urgent_share == round(63_892 / 36_200_000, 4)


@pytest.mark.parametrize(
    "change",
    [
        {"urgent_share": 1.5},
        {"known_share": -0.1},
        {"duplicate_share": 0.6, "version_share": 0.6},
        {"urgent_share": 0.6, "flood_share": 0.6},
        {"known_share": 0.6, "near_share": 0.6},
        {"viral_share": 0.6, "incomplete_share": 0.6},
        {"referrals": 0},
        {"days": 0},
        {"listed_pictures": 0},
        {"start": datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)},
        {"forms": ()},
        {"forms": ((Form.LEA_JSON, 0.0),)},
        {"files_per_referral": -1},
        {"growth": -1},
    ],
)
def test_a_plan_that_describes_no_world_is_invalid(change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        replace(WorldPlan(), **change)


def test_the_demo_ends_with_the_present_hour() -> None:
    with clock.held(datetime(2026, 7, 14, 9, 30, tzinfo=UTC)):
        assert demo_plan() == demo_plan(end=datetime(2026, 7, 14, 9, tzinfo=UTC))
        assert demo_plan().start == datetime(2026, 6, 14, 9, tzinfo=UTC)


def test_the_load_plan_is_bare() -> None:
    assert load_plan(10).bare
