from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from grace.simulate.fate import Fate, Oracle
from grace.simulate.names import FLOODER
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.truth import Flaw, Reason, Resend

PLAN = WorldPlan(
    referrals=10_000,
    urgent_share=0.01,
    flood_share=0.05,
    false_alarm_share=0.01,
    truncated_share=0.01,
    viral_share=0.03,
    incomplete_share=0.1,
    duplicate_share=0.03,
    version_share=0.02,
)


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(PLAN)


@pytest.fixture(scope="module")
def fates(oracle: Oracle) -> list[Fate]:
    return [oracle.fate(index) for index in range(PLAN.referrals) if oracle.resend(index) is None]


def test_resends_have_their_exact_share_and_repeat_originals(oracle: Oracle) -> None:
    resends = {index: found for index in range(PLAN.referrals) if (found := oracle.resend(index))}
    kinds = Counter(kind for kind, _ in resends.values())
    assert kinds == {Resend.DUPLICATE: 300, Resend.VERSION: 200}
    assert not any(source in resends for _, source in resends.values())
    assert sum(source < index for index, (_, source) in resends.items()) >= 498


def test_shares_of_the_originals_are_exact(fates: list[Fate]) -> None:
    assert len(fates) == 9_500
    assert sum(fate.why is not None for fate in fates) == 95
    assert sum(fate.flooded for fate in fates) == 475
    assert sum(fate.flaw is Flaw.TRUNCATED for fate in fates) == 95
    assert 250 <= sum(fate.viral for fate in fates) <= 285


def test_urgent_ones_come_at_random_places_for_every_reason(fates: list[Fate]) -> None:
    urgent = [fate for fate in fates if fate.why]
    assert {fate.why for fate in urgent} == set(Reason)
    gaps = {b.source - a.source for a, b in pairwise(urgent)}
    assert len(gaps) > 40


def test_a_stated_reason_has_a_place_in_its_format(fates: list[Fate]) -> None:
    for fate in fates:
        assert fate.why is not Reason.ACCESS_TO_CHILD or fate.form.is_lea
        assert fate.why not in {Reason.ESCALATED, Reason.YOUNG_VICTIM, Reason.ANNOTATED} or not fate.form.is_lea


def test_some_urgent_ones_are_quiet_and_some_others_cry_wolf(fates: list[Fate]) -> None:
    urgent = [fate for fate in fates if fate.why]
    assert 0 < sum(not fate.stated for fate in urgent) < len(urgent) * 0.3
    assert any(fate.escalates and not fate.why and not fate.flooded for fate in fates)


def test_the_flooder_escalates_everything(fates: list[Fate]) -> None:
    assert all(fate.escalates for fate in fates if fate.provider is FLOODER)
    assert all(fate.provider is FLOODER for fate in fates if fate.flooded)


def test_hotlines_report_no_urgent_accounts(fates: list[Fate]) -> None:
    assert not any(fate.provider.hotline and (fate.why or "account" in fate.linked_by) for fate in fates)


def test_states_follow_the_weights(fates: list[Fate]) -> None:
    counts = Counter(fate.state for fate in fates)
    assert counts[5] == max(counts.values())
    assert len(counts) == 27


def test_linked_ones_come_in_groups(fates: list[Fate]) -> None:
    groups = Counter(fate.group for fate in fates if fate.group is not None)
    assert 0.04 < sum(groups.values()) / len(fates) < 0.06
    assert max(groups.values()) > 3


def test_a_plan_without_a_fitting_form_still_makes_a_world() -> None:
    oracle = Oracle(replace(PLAN, referrals=500, forms=((Form.LEA_JSON, 1.0),)))
    assert {oracle.fate(index).form for index in range(500) if oracle.resend(index) is None} == {Form.LEA_JSON}


def test_a_world_of_one() -> None:
    oracle = Oracle(replace(PLAN, referrals=1, duplicate_share=1.0, version_share=0.0))
    assert oracle.resend(0) is None
