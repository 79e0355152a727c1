"""LED Article 7: facts are told apart from assessments, and each statement names its basis."""

from __future__ import annotations

import pytest

from grace.accounts.models import Unit
from grace.priority.models import Assessment
from grace.referrals.models import Sighting
from grace.sdk.signals import Basis
from tests.support.deliveries import hand_in, sample

pytestmark = pytest.mark.django_db


def test_what_a_sender_says_is_stored_as_reported(harbour_unit: Unit) -> None:
    hand_in(harbour_unit, sample("d2"), sample("d5"))
    assert set(Sighting.objects.values_list("basis", flat=True)) == {"reported"}


def test_every_reason_of_an_assessment_names_its_basis(harbour_unit: Unit) -> None:
    hand_in(harbour_unit, sample("d2"), sample("d5"))
    for assessment in Assessment.objects.all():
        lines = [line for name, lines in assessment.reasons.items() if name != "floors" for line in lines]
        assert lines
        assert {basis for _rule, _points, _text, basis in lines} <= set(Basis)
        assert {basis for _kind, _value, basis, _source in assessment.signals} <= set(Basis)
