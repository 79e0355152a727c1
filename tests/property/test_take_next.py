"""What "take the next" gives out: never anything before what is urgent, never nothing for ever, whatever languages, skills and audits there are."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.casework import discipline, fit, out_of_turn, second_looks
from grace.casework.discipline import Stated
from grace.casework.models import QueueRow
from grace.kernel import clock
from grace.pipeline import desk
from grace.priority import audits
from grace.priority.models import Audit
from tests.support.desks import queued, reader
from tests.support.people import Person, make_unit

pytestmark = pytest.mark.django_db

LANGUAGES = ("", "de", "ro", "el")
rows = st.lists(
    st.tuples(st.sampled_from(LANGUAGES), st.sampled_from(("material", "travel")), st.integers(0, 9), st.booleans(), st.booleans()),
    min_size=1,
    max_size=8,
)
"""Language, kind, score, whether a floor holds it, whether it is audited."""


def a_desk(found: list[tuple[str, str, int, bool, bool]], patience: int) -> tuple[Person, Person]:
    """A queue as it was generated, of a unit with one skill, where half of what is given out is out of turn; two officers."""
    unit = make_unit("Harbour Unit")
    one, other = reader(unit, "Alice", ["de"]), reader(unit, "Bob", ["ro"], ["journeys"])
    audits.set_share(one.viewer, 1000, 500, clock.now())
    discipline.state(one.viewer, Stated({"patience": patience, "second": 200, "seeded": 200}), clock.now())
    discipline.add_skill(one.viewer, "journeys", ["travel"])
    for place, (language, kind, score, urgent, audited) in enumerate(found):
        referral = queued(
            unit, place + 1, clock.now() - timedelta(minutes=place), language=language, incident_kind=kind, score=score, floor=9 * urgent
        )
        if audited:
            Audit.objects.create(referral_id=referral, unit=unit, share=1000, ticket=0, chance=0, drawn_at=clock.now())
    return one, other


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, st.integers(0, 1 << 30))
def test_no_pick_passes_an_urgent_one_over_and_each_suits(
    monkeypatch: pytest.MonkeyPatch, found: list[tuple[str, str, int, bool, bool]], seed: int
) -> None:
    lots = SimpleNamespace(randbelow=Random(seed).randrange)
    for module in (out_of_turn, second_looks):
        monkeypatch.setattr(module, "secrets", lots)
    with transaction.atomic():
        people = a_desk(found, patience=24)
        for turn in range(2 * len(found)):
            viewer = people[turn % 2].viewer
            before = {each.referral_id: each for each in QueueRow.objects.filter(status="open")}
            given_out = desk.take_next(viewer)
            urgent = {key for key, each in before.items() if each.floor}
            assert given_out is None or given_out in before, "never what is not open"
            if urgent:
                assert given_out in urgent, "anyone takes it at once, whoever reads it"
            elif given_out is not None:
                row, told = before[given_out], fit.suits(viewer, clock.now())
                assert row.language in {"", *told["languages"]}  # type: ignore[misc]  # a list of languages
                assert row.incident_kind not in told["beyond"]  # type: ignore[operator]  # a list of kinds
        left = QueueRow.objects.filter(status="open")
        assert all(each.language == "el" or (each.language, each.incident_kind) == ("de", "travel") for each in left), "what suits nobody"
        assert {each.waiting for each in fit.needs(viewer.unit_id, clock.now())} <= set(range(len(left) + 1))
        transaction.set_rollback(True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, st.integers(0, 1 << 30))
def test_nothing_waits_for_ever_though_better_ones_always_come(
    monkeypatch: pytest.MonkeyPatch, found: list[tuple[str, str, int, bool, bool]], seed: int
) -> None:
    """Before each pick something comes that stands above all of the first: score alone would never reach these."""
    lots = SimpleNamespace(randbelow=Random(seed).randrange)
    for module in (out_of_turn, second_looks):
        monkeypatch.setattr(module, "secrets", lots)
    with transaction.atomic():
        people = a_desk(found, patience=2)
        unit, first = people[0].officer.unit, set(QueueRow.objects.values_list("referral_id", flat=True))
        start = clock.now()
        for turn in range(150):
            if not QueueRow.objects.filter(referral_id__in=first, status="open").exists():
                break
            now = start + timedelta(minutes=10 * turn)
            queued(unit, 1000 + turn, now, score=9_000)
            with clock.held(now):
                desk.take_next(people[turn % 2].viewer)
        assert not QueueRow.objects.filter(referral_id__in=first, status="open").exists()
        transaction.set_rollback(True)
