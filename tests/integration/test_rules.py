"""Scenario 8 in its first form: rules are drafted, previewed, published; the queue follows; history is kept."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from grace.accounts.models import Unit
from grace.casework import queue
from grace.casework.queue import Filters
from grace.cli.priority import command
from grace.custody import ledger
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import rules as pipeline
from grace.priority.compare import differences
from grace.priority.models import Assessment, RuleSet
from grace.priority.publish import mark_of
from grace.priority.rules import base_rules
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person
from tests.support.rule_bodies import lifted

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


def test_the_preview_tells_what_publishing_then_does(alice: Person, waiting: list[Any]) -> None:
    body = base_rules()
    body["weights"] = {"completeness": 100, "actionability": 0, "urgency": 0, "novelty": 0}
    body["floors"] = []
    found = pipeline.preview_rules(alice.viewer, body)
    pipeline.publish_rules(alice.viewer, pipeline.edit_rules(alice.viewer, body, "").number)
    pipeline.rescore(alice.viewer.unit_id, None)
    rows = queue.page(alice.viewer, Filters()).rows
    for change in found.changes:
        row = next(row for row in rows if row.referral_id == change.referral_id)
        assert (row.floor, row.score, rows.index(row) + 1) == (change.floor[1], change.score[1], change.place[1])


def test_the_preview_looks_at_the_own_unit_only(charlie: Person, waiting: list[Any]) -> None:
    assert pipeline.preview_rules(charlie.viewer, lifted()).looked_at == 0


def test_another_units_rules_stay_as_they_are(alice: Person, charlie: Person) -> None:
    number = pipeline.edit_rules(alice.viewer, lifted(), "").number
    pipeline.publish_rules(alice.viewer, number)
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
    pipeline.publish_rules(alice.viewer, pipeline.edit_rules(alice.viewer, lifted(), "").number)
    with pytest.raises(Conflict):
        pipeline.publish_rules(bob.viewer, 2)
    assert [(each.number, each.state) for each in pipeline.standing(bob.viewer).versions] == [(2, "published"), (1, "retired")]


def test_rolling_back_makes_a_new_draft_of_an_old_version(alice: Person) -> None:
    pipeline.publish_rules(alice.viewer, pipeline.edit_rules(alice.viewer, lifted(), "").number)
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
    assert "in force" in run("publish", "2", *unit)
    assert "2  published" in run("history", *unit)
    file.write_text("{")
    assert "line 1" in CliRunner().invoke(command, ["rules", "check", str(file)]).output
    file.write_text("{}")
    assert CliRunner().invoke(command, ["rules", "check", str(file)]).exit_code == 1
