"""LED Article 6: categories of persons are told apart, and a sender's claim makes nobody a suspect."""

from __future__ import annotations

import pytest

from grace.accounts.models import Unit
from grace.referrals.models import Person
from grace.sdk.intake import Role
from tests.support.deliveries import hand_in, sample

pytestmark = pytest.mark.django_db


def test_every_person_of_every_sample_begins_unverified(harbour_unit: Unit) -> None:
    hand_in(harbour_unit, *(sample(f"d{number}") for number in range(1, 9)))
    assert Person.objects.count() >= 8
    assert set(Person.objects.values_list("category", "basis")) == {("unverified", "reported")}


def test_no_role_that_a_sender_can_give_is_called_suspect() -> None:
    assert not {"suspect", "convicted"} & set(Role)


def test_the_categories_of_the_article_are_there_for_officers() -> None:
    assert {"suspect", "convicted", "victim", "other"} <= set(Person.Category)
