"""The backlog laboratory: begun by a form, played by jobs, read and compared; nobody else's trial is seen, and the queue stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework import laboratory as verbs
from grace.casework.models import QueueRow, Trial
from grace.custody import ledger
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import laboratory as pipeline
from grace.pipeline import line as lining
from grace.pipeline import rules as ruling
from grace.priority.audits import Read
from grace.priority.laboratory.setting import Setting, Shift, as_json, from_json
from grace.priority.laboratory.told import over
from grace.web.laboratory.asked import typed
from tests.integration.test_line import decided
from tests.integration.test_sender_pages import NOON
from tests.support import floods
from tests.support.deliveries import hand_in
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person
from tests.support.rule_bodies import lifted

pytestmark = pytest.mark.django_db

SMALL = Setting(per_day=11, minutes=60, shifts=(Shift(2, hours=5, days=(0, 1, 2, 3, 4, 5, 6)),), days=80, urgent_share=0.05)


def form(**changes: str) -> dict[str, str]:
    """The form of the small setting."""
    return {**typed(as_json(SMALL), "two officers", 3), **changes}


def played(trial: Trial) -> Trial:
    while verbs.play_one(trial.id, clock.now()):
        pass
    return Trial.objects.get(id=trial.id)


def begun(person: Person, name: str = "two officers", **changes: Any) -> Trial:
    return pipeline.begin(person.viewer, name, replace(SMALL, **changes), 3)


def test_a_trial_is_begun_played_and_told(alice: Person, harbour_unit: Unit) -> None:
    answer = alice.client.post("/unit/laboratory/", form())
    assert answer.status_code == 302, answer.content
    trial = Trial.objects.get()
    assert from_json(trial.setting) == SMALL
    assert "0 of 3 courses" in alice.client.get(answer.headers["Location"]).content.decode()
    for done in (1, 2, 3):
        pipeline.play(trial.id)
        trial.refresh_from_db()
        assert trial.done == done
    html = alice.client.get(answer.headers["Location"]).content.decode()
    assert "more comes than can be read" in html
    assert "load 1.10" in html
    assert "What starves" in html
    assert alice.client.get(f"/unit/laboratory/{trial.id}/progress/").headers["HX-Refresh"] == "true"
    assert trial.played == []
    acts = [entry.act for entry in ledger.page(actor=alice.viewer.actor) if entry.act.startswith("trial.")]
    assert acts == ["trial.begin"]


def test_two_trials_stand_side_by_side(alice: Person) -> None:
    fifo, turns = played(begun(alice, "oldest first", policy="fifo")), played(begun(alice, "as here", out_of_turn=200))
    html = alice.client.get(f"/unit/laboratory/{turns.id}/?beside={fifo.id}").content.decode()
    assert "clearly more here" in html
    assert "oldest first" in html
    assert [each.name for each in alice.client.get(f"/unit/laboratory/{turns.id}/").context["others"]] == ["oldest first"]


def test_courses_are_played_by_jobs_and_taken_up_where_a_worker_died(alice: Person) -> None:
    trial = begun(alice)
    pipeline.tend()
    assert run_due_jobs() == 3, "one a course, though it was tended"
    trial.refresh_from_db()
    assert trial.result is not None
    assert trial.result == over(SMALL, range(1, 4)), "course by course or at once, it is the same"
    left = begun(alice)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'todo'")
    assert run_due_jobs() == 0
    pipeline.tend()
    assert run_due_jobs() == 3
    assert Trial.objects.get(id=left.id).result == trial.result


def test_a_trial_is_cancelled_once(alice: Person) -> None:
    trial = begun(alice)
    pipeline.play(trial.id)
    assert alice.client.post(f"/unit/laboratory/{trial.id}/cancel/").status_code == 302
    assert not verbs.play_one(trial.id, clock.now())
    with pytest.raises(Conflict):
        pipeline.cancel(alice.viewer, trial.id)
    assert "cancelled" in alice.client.get(f"/unit/laboratory/{trial.id}/").content.decode()


def test_a_setting_of_other_bounds_ends_and_only_so_many_run_at_once(alice: Person) -> None:
    trial = begun(alice)
    Trial.objects.filter(id=trial.id).update(setting={**trial.setting, "auc": 7})
    assert not verbs.play_one(trial.id, clock.now())
    assert Trial.objects.get(id=trial.id).ended_at is not None
    for _more in range(verbs.MOST_RUNNING):
        begun(alice)
    with pytest.raises(Conflict):
        begun(alice)


def test_who_may_not_edit_rules_sees_and_does_nothing_and_no_trial_of_another_unit_exists(
    alice: Person, charlie: Person, eve: Person, harbour_unit: Unit
) -> None:
    trial = played(begun(alice))
    clerk = make_person("Carol", harbour_unit, EVERYTHING_BUT_ACCOUNTS - {Capability.EDIT_RULES})
    for person in (clerk, eve):
        with pytest.raises(Refused):
            begun(person)
        for address in ("/unit/laboratory/", f"/unit/laboratory/{trial.id}/", f"/unit/laboratory/{trial.id}/progress/"):
            assert person.client.get(address).status_code == 403
    theirs = played(begun(charlie))
    unknown = charlie.client.get(f"/unit/laboratory/{UUID(int=7)}/")
    found = charlie.client.get(f"/unit/laboratory/{trial.id}/")
    assert (unknown.status_code, found.status_code) == (404, 404)
    assert alice.client.get(f"/unit/laboratory/{trial.id}/?beside={theirs.id}").status_code == 404
    assert str(trial.id) not in charlie.client.get("/unit/laboratory/").content.decode()
    with pytest.raises(Missing):
        pipeline.cancel(charlie.viewer, trial.id)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"auc": "0.3"}, "Quality of the score"),
        ({"per_day": "many"}, "Referrals a day: this is not a number"),
        ({"per_day": "nan"}, "Referrals a day: this is not a number"),
        ({"days": "1e8"}, "Days"),
        ({"officers_0": "0"}, "Shifts"),
        ({"hours_0": ""}, "Shifts: this is not a number"),
        ({"policy": "lottery"}, "Order"),
        ({"courses": "1000"}, "1 to 100 courses"),
        ({"name": " "}, "needs a name"),
    ],
)
def test_what_cannot_be_tried_is_said_and_the_form_keeps_what_was_typed(alice: Person, changes: dict[str, str], says: str) -> None:
    answer = alice.client.post("/unit/laboratory/", form(**changes))
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert 'value="11"' in answer.content.decode() or "per_day" in changes
    assert not Trial.objects.exists()


def test_the_form_proposes_what_the_unit_counted_and_says_what_it_tried(alice: Person, harbour_unit: Unit) -> None:
    for day in range(30):
        with clock.held(NOON - timedelta(days=30 - day)):
            hand_in(harbour_unit, floods.renumbered(floods.reports(1)[0], 4000 + day))
    with clock.held(NOON):
        page = alice.client.get("/unit/laboratory/")
        own = page.context["own"]
        assert own.waiting == 30
        assert len(own.came) % 7 == 0
        assert page.context["form"]["per_day"] == f"{sum(own.came) / len(own.came):.1f}"
        before = list(QueueRow.objects.order_by("referral_id").values())
        alice.client.post("/unit/laboratory/", {**form(), "own_weeks": "1"})
        trial = played(Trial.objects.get())
        assert tuple(trial.setting["history"]) == own.came
        assert list(QueueRow.objects.order_by("referral_id").values()) == before, "a trial changes nothing in the queue"
        again = alice.client.get(f"/unit/laboratory/?from={trial.id}").context["form"]
    assert (again["name"], again["officers_0"], again["week_0"], again["own_weeks"]) == ("two officers", "2", "all", "1")


def test_the_quality_of_rules_is_measured_by_the_audit_also_of_a_draft(alice: Person, harbour_unit: Unit) -> None:
    lining.set_audit(alice.viewer, 1000, 100)
    found = [each.referrals[0] for each in hand_in(harbour_unit, *floods.reports(30, viral=False))]
    decided(alice, found[6:], found[:6])
    own = pipeline.own(alice.viewer)
    assert own.in_force is not None
    assert (own.in_force.urgent, own.in_force.others, own.draft) == (24, 6, None)
    ruling.edit_rules(alice.viewer, lifted(), "others")
    assert pipeline.own(alice.viewer).draft is not None
    assert "stands above another one with the chance" in alice.client.get("/unit/laboratory/").content.decode()


def test_quality_is_the_share_of_pairs_in_the_right_order() -> None:
    def read(position: int, *, urgent: bool) -> Read:
        return Read(position, urgent, 0.5, NOON, ())

    dice = np.random.default_rng(5)
    reads = [read(int(dice.integers(0, 20)), urgent=bool(dice.random() < 0.3)) for _each in range(200)]
    pairs = [
        (one.position > other.position) + 0.5 * (one.position == other.position)
        for one in reads
        if one.is_urgent
        for other in reads
        if not other.is_urgent
    ]
    found = verbs.quality(reads)
    assert found is not None
    assert found.auc == pytest.approx(sum(pairs) / len(pairs))
    assert verbs.quality([read(3, urgent=True)]) is None


def test_addresses_made_by_hand_are_refused(alice: Person) -> None:
    for query in ("?from=7", "?before=x"):
        assert alice.client.get(f"/unit/laboratory/{query}").status_code == 400
    with pytest.raises(Invalid):
        verbs.begin(alice.viewer, "x" * 101, SMALL, 3, clock.now())
