"""Scenario 8 in its first form: rules are drafted, previewed, published; the queue follows; history is kept."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection

from grace.accounts.models import Unit
from grace.casework import queue
from grace.casework.queue import Filters
from grace.cli.priority import command
from grace.custody import ledger
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import rescore
from grace.pipeline import rules as pipeline
from grace.priority.compare import differences
from grace.priority.models import Assessment, RuleSet
from grace.priority.publish import mark_of
from grace.priority.rules import base_rules, held, read_rules
from grace.priority.score import assess
from grace.sdk.signals import Basis, Signal
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person
from tests.support.rule_bodies import lifted, publish_by_two

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(harbour_unit: Unit) -> list[Any]:
    """Three referrals in Alice's queue."""
    return [each.referrals[0] for each in hand_in(harbour_unit, sample("d1"), sample("d5"), sample("d6"))]


def test_a_draft_changes_nothing_until_it_is_published(alice: Person, waiting: list[Any]) -> None:
    draft = pipeline.edit_rules(alice.viewer, lifted(), "for the test")
    standing = pipeline.standing(alice.viewer)
    assert (standing.published.number, standing.draft) == (1, draft)
    assert not Assessment.objects.filter(floor=50).exists()
    assert [each.act for each in ledger.page(actor=alice.viewer.actor)] == ["rules.read", "rules.edit"]


def test_the_preview_counts_what_would_move_and_is_a_consultation(alice: Person, waiting: list[Any]) -> None:
    found = pipeline.preview_rules(alice.viewer, lifted())
    assert found.looked_at == 3
    assert found.floors_gained == sum(each.floor[0] < 50 for each in found.changes)
    assert found.floors_lost == 0
    assert not Assessment.objects.filter(floor=50).exists()
    entry = ledger.page(actor=alice.viewer.actor)[0]
    assert (entry.act, entry.kind) == ("rules.preview", "CONSULTATION")
    assert set(entry.subjects) == {f"referral:{each.referral_id}" for each in found.changes}


def test_the_preview_tells_what_publishing_then_does(alice: Person, bob: Person, waiting: list[Any]) -> None:
    body = base_rules()
    body["weights"] = {"completeness": 100, "actionability": 0, "urgency": 0, "novelty": 0}
    body["floors"] = []
    found = pipeline.preview_rules(alice.viewer, body)
    publish_by_two(alice, bob, body)
    rescore.rescore(alice.viewer.unit_id, None)
    rows = queue.page(alice.viewer, Filters()).rows
    for change in found.changes:
        row = next(row for row in rows if row.referral_id == change.referral_id)
        assert (row.floor, row.score, rows.index(row) + 1) == (change.floor[1], change.score[1], change.place[1])


def test_the_preview_looks_at_the_own_unit_only(charlie: Person, waiting: list[Any]) -> None:
    assert pipeline.preview_rules(charlie.viewer, lifted()).looked_at == 0


def test_another_units_rules_stay_as_they_are(alice: Person, bob: Person, charlie: Person) -> None:
    number = publish_by_two(alice, bob, lifted()).number
    assert [each.number for each in pipeline.standing(charlie.viewer).versions] == [1]
    with pytest.raises(Missing):
        pipeline.publish_rules(charlie.viewer, number)


def test_who_may_not_is_refused_and_written_down(eve: Person, dora: Person) -> None:
    with pytest.raises(Refused):
        pipeline.edit_rules(eve.viewer, lifted(), "")
    with pytest.raises(Refused):
        pipeline.publish_rules(eve.viewer, 2)
    # Entries not yet sequenced have no order among themselves.
    assert {(each.act, each.denied) for each in ledger.page(actor=eve.viewer.actor)} == {("rules.publish", True), ("rules.edit", True)}


def test_a_draft_that_another_changed_is_not_overwritten_nor_published(alice: Person, bob: Person) -> None:
    pipeline.edit_rules(alice.viewer, lifted(), "", seen="")
    mark = mark_of(pipeline.standing(alice.viewer).draft)
    pipeline.edit_rules(bob.viewer, base_rules(), "bob was here", seen=mark)
    with pytest.raises(Conflict):
        pipeline.edit_rules(alice.viewer, lifted(), "", seen=mark)
    with pytest.raises(Conflict):
        pipeline.publish_rules(alice.viewer, 2, seen=mark)
    assert pipeline.standing(alice.viewer).draft.note == "bob was here"  # type: ignore[union-attr]  # there is one


def test_a_published_version_is_published_once(alice: Person, bob: Person) -> None:
    publish_by_two(alice, bob, lifted())
    with pytest.raises(Conflict):
        pipeline.publish_rules(bob.viewer, 2)
    assert [(each.number, each.state) for each in pipeline.standing(bob.viewer).versions] == [(2, "published"), (1, "retired")]


def test_rolling_back_makes_a_new_draft_of_an_old_version(alice: Person, bob: Person) -> None:
    publish_by_two(alice, bob, lifted())
    draft = pipeline.roll_back(alice.viewer, 1)
    assert (draft.number, draft.body) == (3, base_rules())
    found = differences(lifted(), draft.body)
    assert [(each.part, each.name, each.after) for each in found] == [("floors", "f-all", None)]


def test_a_draft_can_be_given_up(alice: Person) -> None:
    pipeline.edit_rules(alice.viewer, lifted(), "")
    pipeline.discard_draft(alice.viewer)
    assert pipeline.standing(alice.viewer).draft is None
    with pytest.raises(Missing):
        pipeline.discard_draft(alice.viewer)


def test_a_faulty_body_is_never_kept(alice: Person) -> None:
    with pytest.raises(Invalid):
        pipeline.edit_rules(alice.viewer, {**base_rules(), "weights": {}}, "")
    assert RuleSet.objects.filter(state="draft").count() == 0


def test_a_rule_set_that_failed_to_publish_defers_no_job(alice: Person) -> None:
    with pytest.raises(Missing):
        pipeline.publish_rules(alice.viewer, 99)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'pipeline.rescore'")
        assert cursor.fetchone() == (0,)


def test_the_command_line_does_the_same(harbour_unit: Unit, waiting: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grace.cli.house.open_house", nullcontext)
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(lifted()))

    def run(*words: str) -> str:
        done = CliRunner().invoke(command, ["rules", *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    unit = ["--unit", harbour_unit.slug]
    assert json.loads(run("show", *unit)) == base_rules()
    assert "No fault" in run("check", str(file))
    assert "3 looked at" in run("preview", str(file), *unit)
    assert "Version 2 is the draft" in run("edit", str(file), "--note", "for the test", *unit)
    refused = CliRunner().invoke(command, ["rules", "publish", "2", *unit])
    assert isinstance(refused.exception, Refused), "the machine's operator wrote it, and nobody else saw it"
    assert "one alone" in run("alone", "--reason", "one officer at night", *unit)
    assert "in force" in run("publish", "2", *unit)
    assert "2  published" in run("history", *unit)
    file.write_text("{")
    assert "line 1" in CliRunner().invoke(command, ["rules", "check", str(file)]).output
    file.write_text("{}")
    assert CliRunner().invoke(command, ["rules", "check", str(file)]).exit_code == 1


def test_whoever_wrote_a_draft_does_not_put_it_in_force_alone(alice: Person, bob: Person) -> None:
    draft = pipeline.edit_rules(alice.viewer, lifted(), "")
    with pytest.raises(Refused, match="alone"):
        pipeline.publish_rules(alice.viewer, draft.number)
    assert [(each.act, each.denied) for each in ledger.page(actor=alice.viewer.actor, limit=1)] == [("rules.publish", True)]
    assert pipeline.standing(bob.viewer).published.number == 1
    published = pipeline.publish_rules(bob.viewer, draft.number)
    assert (published.edited_by, published.published_by, published.alone_because) == (alice.viewer.actor, bob.viewer.actor, "")


def test_whoever_saved_it_last_is_who_wrote_it(alice: Person, bob: Person) -> None:
    pipeline.edit_rules(alice.viewer, lifted(), "")
    draft = pipeline.edit_rules(bob.viewer, base_rules(), "another body")
    with pytest.raises(Refused):
        pipeline.publish_rules(bob.viewer, draft.number)
    assert pipeline.publish_rules(alice.viewer, draft.number).body == base_rules()


def test_one_alone_publishes_only_where_nobody_else_may_and_somebody_said_why(alice: Person, dora: Person, hill_unit: Unit) -> None:
    draft = pipeline.edit_rules(alice.viewer, lifted(), "")
    with pytest.raises(Refused, match="Nobody else"):
        pipeline.publish_rules(alice.viewer, draft.number)
    with pytest.raises(Refused):
        pipeline.let_one_publish(alice.viewer, "I am alone")
    with pytest.raises(Invalid):
        pipeline.let_one_publish(dora.viewer, "  ")
    pipeline.let_one_publish(dora.viewer, "one officer until March")
    make_person("Frank", hill_unit, EVERYTHING_BUT_ACCOUNTS)  # of another unit: does not count
    published = pipeline.publish_rules(alice.viewer, draft.number)
    assert published.alone_because == "one officer until March"
    assert ledger.history(f"rules:{published.id}")[0].detail["people"] == "1"

    draft = pipeline.edit_rules(alice.viewer, base_rules(), "")
    second = make_person("Bob", alice.officer.unit, EVERYTHING_BUT_ACCOUNTS)
    with pytest.raises(Refused, match="wrote a draft"):
        pipeline.publish_rules(alice.viewer, draft.number)
    second.officer.is_active = False
    second.officer.save()
    pipeline.let_two_publish(dora.viewer)
    with pytest.raises(Refused, match="Nobody else"):
        pipeline.publish_rules(alice.viewer, draft.number)


def test_a_program_drafts_and_never_publishes(alice: Person, bob: Person) -> None:
    program = replace(alice.viewer, officer_id=UUID(int=7), via="token")
    draft = pipeline.edit_rules(program, lifted(), "made by a program")
    for viewer in (alice.viewer, program):
        with pytest.raises(Refused):
            pipeline.publish_rules(viewer, draft.number)
    with pytest.raises(Refused):
        pipeline.back_to_base(program, "no person")
    saved = pipeline.edit_rules(alice.viewer, lifted(), "looked at")
    assert pipeline.publish_rules(bob.viewer, saved.number).number == draft.number


def test_the_kill_switch_puts_the_base_rules_in_force_in_one_request(alice: Person, bob: Person, eve: Person, waiting: list[Any]) -> None:
    publish_by_two(alice, bob, lifted())
    run_due_jobs()
    assert all(row.floor >= 50 for row in queue.page(alice.viewer, Filters()).rows)
    draft = pipeline.edit_rules(alice.viewer, lifted(), "half a thought")
    with pytest.raises(Refused):
        pipeline.back_to_base(eve.viewer, "I want to")
    with pytest.raises(Invalid):
        pipeline.back_to_base(alice.viewer, "")
    back = pipeline.back_to_base(alice.viewer, "everything stands on a floor")
    standing = pipeline.standing(alice.viewer)
    assert (standing.published.id, standing.published.body, standing.draft) == (back.id, base_rules(), draft)
    assert rescore.left(alice.viewer.unit_id) == 3
    run_due_jobs()
    assert rescore.left(alice.viewer.unit_id) == 0
    assert not Assessment.objects.filter(floor=50).exists()
    with pytest.raises(Conflict):
        pipeline.back_to_base(bob.viewer, "once more")
    assert "rules.base" in [each.act for each in ledger.history(f"rules:{back.id}")]


@pytest.mark.parametrize(
    "floors",
    [[], [{**base_rules()["floors"][0], "floor": 1}], [{**base_rules()["floors"][1], "when": base_rules()["floors"][1]["when"] * 2}]],
)
def test_base_floors_and_escalations_hold_under_any_body(floors: list[Any]) -> None:
    body = {**base_rules(), "floors": floors, "escalation": {"minimum": 0, "share": 0, "maximum": 0}}
    read, base = read_rules(body), read_rules(base_rules())
    assert read.escalation == base.escalation
    for floor in base.floors:
        given = [Signal(each.signal, each.value if each.operator == "is" else 1, Basis.REPORTED, "test") for each in floor.when]
        assert assess(given, read).floor >= floor.floor
    assert {part for part, _name, _height in held(body)} == {"floors", "escalation"}
    assert held(base_rules()) == []
