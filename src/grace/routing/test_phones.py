from __future__ import annotations

import pytest

from grace.routing.phones import country_of_phone


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("+493023125001", "DE"),  # numbers for drama: assigned to nobody, and of their country all the same
        ("+33199000000", "FR"),
        ("+46701740605", "SE"),
        ("+353209100000", "IE"),
        ("+35818123456", "FI"),  # Åland, which has a code of its own
        ("+390612345678", "IT"),
        ("+12025550100", "US"),
        ("+14165550100", "CA"),
        ("+493023125001;ext=7", "DE"),
    ],
)
def test_the_plan_of_numbers_names_the_country(number: str, state: str) -> None:
    assert country_of_phone(number) == state


@pytest.mark.parametrize("number", ["", "+", "030 123", "+800123456789", "+8816123456", "+999", "+x", "+٤٩30"])
def test_numbers_of_no_country_name_none(number: str) -> None:
    assert country_of_phone(number) is None
