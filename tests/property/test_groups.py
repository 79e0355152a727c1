"""Grouping does not depend on the order in which reports arrive, nor on how they fall into batches."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.accounts.models import Unit
from grace.links.merge import components
from grace.links.models import Member
from grace.pipeline import groups
from grace.referrals.models import Referral
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.people import make_unit

pytestmark = pytest.mark.django_db


def story() -> list[bytes]:
    """Five reports of one viral file, two weeks apart from two more; one report thrice; a bundle of three; two of their own."""
    viral = floods.reports(7)
    late = [floods.renumbered(each, 900 + place, floods.later(200 + place)) for place, each in enumerate(viral[5:])]
    same = floods.reports(9, viral=False)[8]
    copies = [floods.renumbered(same, 800 + place, floods.later(place)) for place in range(3)]
    bundle = [floods.tip(701, "u-1"), floods.tip(702, "u-2", earlier=701), floods.tip(703, "u-3", earlier=702)]
    return [*viral[:5], *late, *copies, *bundle, floods.tip(710, "u-8"), floods.tip(711, "u-9")]


STORY = story()


def grouped(unit: Unit) -> set[tuple[str, frozenset[str]]]:
    """The groups by kind and the numbers of their members."""
    rows = Member.objects.filter(group__unit=unit, split_at=None).order_by("group_id").values_list("group_id", "kind", "referral__external")
    return {(kind, frozenset(each[2] for each in some)) for (_, kind), some in groupby(rows, key=lambda row: (row[0], row[1]))}


def arrive(order: list[int], cuts: list[int]) -> set[tuple[str, frozenset[str]]]:
    """What groups the story makes in this order and in these batches; nothing stays."""
    found: set[tuple[str, frozenset[str]]] = set()
    with transaction.atomic():
        unit = make_unit("Order Unit")
        floods.define(unit, viral={"threshold": 4})
        for place, document in enumerate(order):
            hand_in(unit, STORY[document], name="report.json" if STORY[document][:1] == b"{" else "report.zip")
            if place in cuts:
                groups.connect_waiting(unit.id)
        groups.connect_waiting(unit.id)
        found |= grouped(unit)
        assert Referral.objects.filter(unit=unit).count() == len(STORY)
        transaction.set_rollback(True)
    return found


@pytest.fixture
def expected(db: None) -> set[tuple[str, frozenset[str]]]:
    return arrive(list(range(len(STORY))), [])


def test_the_story_makes_the_groups_that_it_was_written_for(expected: set[tuple[str, frozenset[str]]]) -> None:
    assert sorted((kind, len(members)) for kind, members in expected) == [("bundle", 3), ("duplicate", 3), ("viral", 5)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(len(STORY))), st.lists(st.integers(0, len(STORY)), max_size=4))
def test_the_groups_are_the_same_in_any_order_and_any_batches(
    expected: set[tuple[str, frozenset[str]]], order: list[int], cuts: list[int]
) -> None:
    assert arrive(order, cuts) == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))), st.randoms())
def test_components_do_not_depend_on_the_order_of_pairs(pairs: list[tuple[int, int]], chance: object) -> None:
    edges = [(UUID(int=one), UUID(int=other)) for one, other in pairs]
    turned = [(other, one) for one, other in edges]
    chance.shuffle(turned)  # type: ignore[attr-defined]  # hypothesis' own random
    assert components(edges) == components(turned)
