"""Scenario 8: a unit changes what comes first, tries it on its queue and its month, and two put it in force; others take it over and back."""

from __future__ import annotations

from typing import Any

import pytest

from grace.casework import queue
from grace.casework.queue import Filters
from grace.custody import ledger
from grace.kernel.errors import Invalid, Refused
from grace.pipeline.effect import last_month
from grace.pipeline.rescore import left
from grace.pipeline.rules import back_to_base, edit_rules, export_rules, import_rules, preview_rules, publish_rules, roll_back
from grace.priority.models import Assessment, RuleSet
from grace.priority.rules import base_rules
from grace.simulate.plan import WorldPlan
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person
from tests.support.world import take_in

pytestmark = pytest.mark.django_db

PLAN = WorldPlan(seed=8, referrals=60, days=10, urgent_share=0.05, quiet_share=0.0, duplicate_share=0.0, truncated_share=0.0)


@pytest.fixture(autouse=True)
def _world(alice: Person, charlie: Person) -> None:
    take_in(PLAN, alice.viewer.unit_id)
    take_in(WorldPlan(seed=9, referrals=5, days=5), charlie.viewer.unit_id)
    run_due_jobs()


def places(person: Person) -> list[tuple[Any, int, int]]:
    return [(row.referral_id, row.floor, row.score) for row in queue.page(person.viewer, Filters(), most=200).rows]


def devices_first() -> dict[str, Any]:
    body = base_rules()
    body["rules"].append(
        {
            "id": "ours-device",
            "axis": "actionability",
            "points": 40,
            "when": [{"signal": "device.count", "at_least": 1}],
            "text": "device, our focus this month",
        }
    )
    return body


def test_a_unit_previews_publishes_and_sees_its_queue_move(alice: Person, bob: Person, charlie: Person) -> None:
    before, theirs = places(alice), places(charlie)
    seen = preview_rules(alice.viewer, devices_first())
    assert seen.up
    assert seen.down
    assert (seen.floors_gained, seen.floors_lost) == (0, 0)
    assert places(alice) == before, "a preview moves nothing"

    draft = edit_rules(alice.viewer, devices_first(), "devices for a month")
    assert places(alice) == before, "a draft moves nothing"
    with pytest.raises(Refused, match="alone"):
        publish_rules(alice.viewer, draft.number)
    publish_rules(bob.viewer, draft.number)
    run_due_jobs()

    after = {referral: (floor, score) for referral, floor, score in places(alice)}
    moved = {referral for referral, floor, score in before if after[referral] != (floor, score)}
    told = {each.referral_id: (each.floor[1], each.score[1]) for each in seen.changes}
    assert moved
    assert moved <= told.keys()
    assert {referral: after[referral] for referral in told} == told, "what was previewed is what happened"
    ranks = {referral: place for place, (referral, _, _) in enumerate(places(alice), start=1)}
    assert all(ranks[each.referral_id] == each.place[1] for each in seen.changes)
    assert places(charlie) == theirs, "another unit's queue stays"
    shown = Assessment.objects.get(referral_id=next(iter(moved))).reasons["actionability"]
    assert ["ours-device", 40, "device, our focus this month", "reported"] in shown

    acts = [entry.act for entry in ledger.history(f"rules:{draft.id}")]
    assert acts == ["rules.publish", "rules.edit"], "what was refused stands by itself"
    assert ledger.history(f"referral:{next(iter(moved))}")[0].act == "referral.score"


def test_no_rule_lowers_a_floor(alice: Person, bob: Person) -> None:
    urgent = {referral: floor for referral, floor, _ in places(alice) if floor}
    assert urgent
    body = base_rules()
    body["rules"] += [
        {"id": f"down-{axis}", "axis": axis, "points": -100, "when": [{"signal": "person.reported_count", "at_least": 0}], "text": "down"}
        for axis in ("urgency", "actionability", "novelty", "completeness")
    ]
    publish_rules(bob.viewer, edit_rules(alice.viewer, body, "try to hide them").number)
    run_due_jobs()
    assert {referral: floor for referral, floor, _ in places(alice) if floor} == urgent
    assert [referral for referral, _, _ in places(alice)][: len(urgent)] == sorted(
        urgent, key=lambda key: next(i for i, row in enumerate(places(alice)) if row[0] == key)
    )


def test_another_unit_takes_the_rules_over_tries_them_on_its_month_and_goes_back_at_once(
    alice: Person, bob: Person, charlie: Person
) -> None:
    publish_rules(bob.viewer, edit_rules(alice.viewer, devices_first(), "devices for a month").number)
    _version, file = export_rules(alice.viewer)

    dana = make_person("Dana", charlie.officer.unit, EVERYTHING_BUT_ACCOUNTS)
    before = places(charlie)
    draft = import_rules(charlie.viewer, file.encode())
    assert "devices for a month" in draft.note
    month = last_month(charlie.viewer, draft.body)
    assert len(month.waits) == len(before)
    assert month.before.unread == month.after.unread, "rules change who is read, not how many"
    assert places(charlie) == before
    publish_rules(dana.viewer, draft.number)
    run_due_jobs()
    assert left(charlie.viewer.unit_id) == 0
    after = places(charlie)

    back = back_to_base(charlie.viewer, "too many devices here")
    assert back.body == base_rules()
    run_due_jobs()
    assert places(charlie) == before
    again = roll_back(dana.viewer, draft.number)
    publish_rules(charlie.viewer, again.number)
    run_due_jobs()
    assert places(charlie) == after


def test_who_may_not_is_refused_and_written_down(alice: Person, eve: Person) -> None:
    with pytest.raises(Refused):
        edit_rules(eve.viewer, devices_first(), "mine")
    newest = ledger.page(actor=eve.viewer.actor, limit=1)[0]
    assert (newest.act, newest.denied) == ("rules.edit", True)
    with pytest.raises(Invalid, match="may not be used"):
        edit_rules(
            alice.viewer,
            {**base_rules(), "floors": [{"id": "x", "floor": 5, "text": "x", "when": [{"signal": "person.nationality", "is": "x"}]}]},
            "no",
        )
    assert not RuleSet.objects.filter(state="draft").exists()
