"""Circles that follow every change are those that a slow look at everything finds, whatever happened in which order."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.accounts.models import Officer, Unit
from grace.intake.models import Sender
from grace.kernel import clock
from grace.links import circles
from grace.links.bear import Touched
from grace.links.models import Bearing, Circle, Circled, Verdict
from grace.links.weights import Kind, weights
from grace.referrals.models import Referral
from tests.support.people import make_officer, make_unit

pytestmark = pytest.mark.django_db

RULE = replace(
    weights(),
    steps=(9, 32),
    most=5,
    kinds={"email": Kind(100, 100, 4), "file": Kind(11, 4, 3), "look": Kind(9, 4, 4), "url": Kind(5, 50, 3)},
)
"""A hub begins at four or five, a circle has five members at most: all that is rare at full size happens here."""
VALUES = [("email", 1), ("email", 2), ("file", 3), ("file", 4), ("look", 8), ("look", 9), ("url", 5), ("url", 6), ("url", 7)]
REFERRALS = 9

changes = st.one_of(
    st.tuples(st.just("bear"), st.integers(0, REFERRALS - 1), st.sets(st.sampled_from(VALUES), max_size=3)),
    st.tuples(st.sampled_from(Verdict.Says.values), st.integers(0, REFERRALS - 1), st.integers(0, REFERRALS - 1)),
)


def slowly(referrals: list[UUID]) -> set[frozenset[UUID]]:
    """The circles by their definition: every pair is looked at."""
    bearers: dict[tuple[str, UUID], set[UUID]] = {}
    for row in Bearing.objects.all():
        bearers.setdefault((row.kind, row.value), set()).add(row.referral_id)
    said = {frozenset((each.one_id, each.other_id)): each.says for each in Verdict.objects.order_by("id")}

    def odds(one: UUID, other: UUID) -> float:
        says = said.get(frozenset((one, other)))
        if says in {"cut", "confirmed"}:
            return 0 if says == "cut" else 1e9
        sums = dict.fromkeys(RULE.kinds, 0.0)
        for (kind, _), some in bearers.items():
            sums[kind] += RULE.kinds[kind].shared_by(len(some)) if {one, other} <= some else 0
        return sum(sums.values()) - min(sums["file"], sums["look"])

    def reached(start: UUID, least: float) -> frozenset[UUID]:
        found, waiting = {start}, [start]
        while waiting:
            one = waiting.pop()
            new = {other for other in referrals if other not in found and odds(one, other) >= least}
            found |= new
            waiting += new
        return frozenset(found)

    def circle(start: UUID) -> frozenset[UUID]:
        tried = (reached(start, least) for least in RULE.steps)
        return next((each for each in tried if len(each) <= RULE.most), frozenset({start}))

    return {found for each in referrals if len(found := circle(each)) > 1}


def present() -> set[frozenset[UUID]]:
    by_circle: dict[UUID, set[UUID]] = {}
    for referral, circle in Circled.objects.values_list("referral_id", "circle_id"):
        by_circle.setdefault(circle, set()).add(referral)
    counted = dict(Circle.objects.filter(members__gt=0).values_list("id", "members"))
    assert counted == {circle: len(members) for circle, members in by_circle.items()}
    return {frozenset(members) for members in by_circle.values()}


def bear(unit: Unit, referral: UUID, values: set[tuple[str, int]]) -> dict[UUID, Touched]:
    touched = {row.value: Touched(row.kind) for row in Bearing.objects.filter(referral_id=referral)}
    Bearing.objects.filter(referral_id=referral).delete()
    for kind, number in values:
        value = UUID(int=number)
        touched.setdefault(value, Touched(kind)).by.add(referral)
        row = {"kind": kind, "value": value, "basis": "reported", "weak": False, "in_text": False}
        Bearing.objects.create(unit=unit, referral_id=referral, **row)
    return touched


def some_referrals(unit: Unit, number: int) -> list[UUID]:
    sender, _ = Sender.objects.get_or_create(name="Example Circle", defaults={"kind": "provider"})
    rows = [
        Referral(
            number=10_000_000 + place, unit=unit, issuer="test", external=f"{unit.slug}-{place}", sender=sender, received_at=clock.now()
        )
        for place in range(number)
    ]
    return [each.id for each in Referral.objects.bulk_create(rows)]


def follow(unit: Unit, officer: Officer, referrals: list[UUID], change: tuple[str, int, object]) -> None:
    what, place, more = change
    one = referrals[place]
    if what == "bear":
        assert isinstance(more, set)
        circles.follow(unit.id, [one], bear(unit, one, more), clock.now(), RULE)
    elif isinstance(more, int) and more != place:
        first, second = sorted((one, referrals[more]))
        Verdict.objects.create(unit=unit, one_id=first, other_id=second, says=what, reason="because", officer=officer, at=clock.now())
        circles.follow(unit.id, [first, second], {}, clock.now(), RULE)


@pytest.fixture
def ground(db: None) -> tuple[Unit, Officer, list[UUID]]:
    unit = make_unit("Circle Unit")
    return unit, make_officer("Olga", unit), some_referrals(unit, REFERRALS)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(changes, min_size=4, max_size=14))
def test_following_every_change_is_looking_at_everything(
    ground: tuple[Unit, Officer, list[UUID]], steps: list[tuple[str, int, object]]
) -> None:
    unit, officer, referrals = ground
    with transaction.atomic():
        for change in steps:
            follow(unit, officer, referrals, change)
            assert present() == slowly(referrals)
        transaction.set_rollback(True)
