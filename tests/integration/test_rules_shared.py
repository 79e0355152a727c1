"""Rules as a file between units and agencies, the unit's own queues and lanes, and the month replayed: by page, API and command."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework.decide import Act, Wish
from grace.casework.models import QueueRow
from grace.cli.priority import command
from grace.custody import ledger
from grace.kernel import clock
from grace.pipeline import rules as pipeline
from grace.pipeline.decide import decide
from grace.pipeline.effect import ON_PAGE, effect_of, last_month
from grace.priority.models import RuleSet
from grace.priority.rules import base_rules, read_rules
from tests.integration.test_escalations import URGENT
from tests.support import floods
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person
from tests.support.programs import program
from tests.support.rule_bodies import lifted, publish_by_two

pytestmark = pytest.mark.django_db

OWN = [{"id": "hurry", "text": "urgent by the sender", "when": [{"signal": "sender.escalated", "is": True}]}]


@pytest.fixture
def waiting(harbour_unit: Unit) -> list[Any]:
    """Three, one of them on the floor of an escalation."""
    return [each.referrals[0] for each in hand_in(harbour_unit, sample("d1"), sample("d5"), URGENT)]


def as_upload(raw: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("rules.json", raw), "seen": ""}


def test_what_one_unit_exports_another_makes_a_draft_of(alice: Person, bob: Person, charlie: Person) -> None:
    publish_by_two(alice, bob, lifted(), "a floor for all")
    told = alice.client.get(reverse("export-rules", args=[2]))
    assert told["Content-Disposition"] == 'attachment; filename="rules-2.json"'
    assert str(alice.officer.id) not in told.text
    assert ledger.page(actor=alice.viewer.actor, limit=1)[0].act == "rules.export"
    page = charlie.client.post(reverse("import-rules"), as_upload(told.content), follow=True)
    assert "Draft: version 2" in page.text
    assert "from the file “Rules, version 2”: a floor for all" in page.text
    standing = pipeline.standing(charlie.viewer)
    assert standing.draft is not None
    assert standing.draft.body == lifted()
    assert standing.published.number == 1, "an import publishes nothing"
    assert "rules.import" in [each.act for each in ledger.history(f"rules:{standing.draft.id}")]


@pytest.mark.parametrize(
    ("raw", "says"), [(b"{", "no rules file"), (b"[" * 99, "nests deeper"), (b"", "no rules file"), (b" " * 2_000_000, "too large")]
)
def test_a_hostile_file_is_refused_in_plain_words(alice: Person, raw: bytes, says: str) -> None:
    answer = alice.client.post(reverse("import-rules"), as_upload(raw))
    assert (answer.status_code, says in answer.text) == (400, True)
    assert alice.client.post(reverse("import-rules"), {"seen": ""}).status_code == 400
    assert not RuleSet.objects.filter(state="draft").exists()


def test_a_file_that_lowers_base_floors_is_told_and_held(alice: Person, bob: Person, waiting: list[Any]) -> None:
    floors = {row.referral_id: row.floor for row in QueueRow.objects.filter(referral_id__in=waiting)}
    assert any(floors.values())
    body = {**base_rules(), "floors": [], "escalation": {"minimum": 0, "share": 0, "maximum": 0}}
    file = json.loads(pipeline.export_rules(alice.viewer)[1]) | {"rules": body, "note": "of two\nlines"}
    page = alice.client.post(reverse("import-rules"), as_upload(json.dumps(file).encode()), follow=True)
    assert "Held all the same" in page.text
    assert "of two lines" in page.text
    assert "Floor 95" in page.text
    pipeline.publish_rules(bob.viewer, 2)
    run_due_jobs()
    assert {row.referral_id: row.floor for row in QueueRow.objects.filter(referral_id__in=waiting)} == floors
    assert "Held all the same" in alice.client.get(reverse("rules")).text


def test_files_are_closed_to_who_may_not(eve: Person, charlie: Person, alice: Person, bob: Person) -> None:
    publish_by_two(alice, bob, lifted())
    assert eve.client.get(reverse("export-rules", args=[1])).status_code == 403
    assert eve.client.post(reverse("import-rules"), as_upload(b"{}")).status_code == 403
    assert charlie.client.get(reverse("export-rules", args=[2])).status_code == 404, "another unit's version"
    for route in ("base-rules", "one-alone"):
        assert eve.client.post(reverse(route), {"reason": "x"}).status_code == 403


def test_a_program_reads_and_drafts_and_no_more(harbour_unit: Unit, hill_unit: Unit, alice: Person, bob: Person) -> None:
    mine = program(harbour_unit, frozenset({Capability.READ, Capability.EDIT_RULES, Capability.PUBLISH_RULES}))
    file = mine.get("/rules").json()
    assert file["rules"] == base_rules()
    body = json.dumps({**file, "rules": {**lifted(), "floors": []}}).encode()
    headers = {"Authorization": f"Bearer {mine.word}"}
    made = mine.client.put("/api/v1/rules/draft", body, content_type="application/json", headers=headers)
    assert (made.status_code, made.json()["number"]) == (200, 2)
    assert len(made.json()["held"]) == len(base_rules()["floors"])
    assert mine.client.put("/api/v1/rules/draft", b"{", content_type="application/json", headers=headers).status_code == 422
    assert pipeline.standing(alice.viewer).draft.edited_by == mine.actor  # type: ignore[union-attr]  # it was just made
    again = mine.client.put("/api/v1/rules/draft", body, content_type="application/json", headers=headers)
    assert again.status_code == 409, "a program overwrites no draft"
    assert program(hill_unit).get("/rules/2").status_code == 404
    assert program(harbour_unit, frozenset({Capability.RECEIVE})).get("/rules").status_code == 403


def test_the_command_line_exports_and_imports(harbour_unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grace.cli.house.open_house", nullcontext)
    file = tmp_path / "shared.json"

    def run(*words: str) -> str:
        done = CliRunner().invoke(command, ["rules", *words, "--unit", harbour_unit.slug], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    assert "Version 1 stands in" in run("export", str(file))
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, "rules": {**told["rules"], "floors": []}}))
    said = run("import", str(file))
    assert said.count("held all the same") == len(base_rules()["floors"])
    assert "Version 2 is the draft" in said
    assert "Two people" in run("alone", "--withdraw")
    run("alone", "--reason", "one officer at night")
    run("publish", "2")
    assert "base rules, is in force" in run("base", "--reason", "it was a mistake")


def test_the_units_own_queues_show_and_move_nothing(alice: Person, bob: Person, charlie: Person, waiting: list[Any]) -> None:
    before = list(QueueRow.objects.order_by("-floor", "-score").values_list("referral_id", "floor", "score"))
    publish_by_two(alice, bob, {**base_rules(), "queues": OWN})
    run_due_jobs()
    assert list(QueueRow.objects.order_by("-floor", "-score").values_list("referral_id", "floor", "score")) == before
    urgent = set(QueueRow.objects.filter(queues=["hurry"]).values_list("referral_id", flat=True))
    assert urgent
    assert urgent < set(waiting)
    page = alice.client.get("/queue/?own=hurry")
    assert {row.referral_id for row in page.context["desk"].page.rows} == urgent
    assert "urgent by the sender" in page.text
    assert charlie.client.get("/queue/?own=hurry").context["desk"].page.rows == []
    assert "urgent by the sender" in alice.client.get(reverse("rules")).text
    new = hand_in(alice.officer.unit, sample("d2"))[0].referrals[0]
    signals = QueueRow.objects.get(referral_id=new)
    assert signals.queues == (["hurry"] if signals.floor == 90 else [])
    pipeline.back_to_base(alice.viewer, "without queues")
    run_due_jobs()
    assert not QueueRow.objects.exclude(queues=[]).exists()


def test_lanes_are_seen_and_opened_from_the_rules_page(alice: Person, waiting: list[Any]) -> None:
    page = alice.client.get(reverse("rules"))
    key, name = page.context["standing"].senders[0]
    asked = alice.client.get(reverse("lane-for"), {"sender": str(key)})
    assert asked.headers["Location"] == reverse("open-lane", args=[key])
    alice.client.post(asked.headers["Location"], {"reason": "too many", "share": "2"})
    page = alice.client.get(reverse("rules"))
    assert [lane.sender_id for lane, _figures in page.context["standing"].lanes] == [key]
    assert name in page.text
    assert alice.client.get(reverse("lane-for"), {"sender": "x"}).status_code == 400


def test_each_number_of_an_effect_shows_its_referrals(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    referrals = [each.referrals[0] for each in hand_in(harbour_unit, *floods.reports(ON_PAGE + 5, viral=False))]
    pipeline.edit_rules(alice.viewer, lifted(), "a floor for all")
    page = alice.client.get(reverse("rules-draft"), {"show": "floors_gained"})
    effect = page.context["effect"]
    assert (effect.now.floors_gained, effect.total, len(effect.changes), effect.pages) == (len(referrals), len(referrals), ON_PAGE, 2)
    assert page.text.count("data-open href") == ON_PAGE
    second = alice.client.get(reverse("rules-draft"), {"show": "floors_gained", "page": "2"}).context["effect"]
    assert {each.referral_id for each in (*effect.changes, *second.changes)} == set(referrals)
    told = ledger.page(actor=alice.viewer.actor, limit=1)[0]
    assert (told.act, len(told.subjects)) == ("rules.preview", len(second.changes))
    for name in ("up", "down", "floors_lost", "earlier", "later", "urgent", "unread"):
        shown = alice.client.get(reverse("rules-draft"), {"show": name, "page": "99999999"})
        assert shown.status_code == 200
        assert shown.context["effect"].shown == name
    assert alice.client.get(reverse("rules-draft"), {"show": "somebody"}).status_code == 404
    in_editor = alice.client.post(reverse("edit-rules"), {"json": json.dumps(lifted()), "act": "preview:unread:2", "seen": ""})
    assert in_editor.context["effect"].page == 2
    assert 'value="preview:unread:1"' in in_editor.text


def test_the_last_month_is_replayed_by_what_officers_really_took_up(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    """Two come, one is read an hour later and escalated; rules that put the other first would have let the urgent one wait."""
    start = clock.now() - timedelta(days=3)
    with clock.held(start):
        first, second = (each.referrals[0] for each in hand_in(harbour_unit, *floods.reports(2, viral=False)))
    QueueRow.objects.filter(referral_id__in=[first, second]).update(received_at=start)
    with clock.held(start + timedelta(hours=1)):
        decide(alice.viewer, first, Wish(Act.TAKE))
    with clock.held(start + timedelta(hours=2)):
        decide(alice.viewer, first, Wish(Act.ESCALATE, "somebody is in danger"))
    month = last_month(alice.viewer, base_rules())
    assert [(each.arrival.referral_id, each.arrival.urgent) for each in month.waits if each.arrival.urgent] == [(first, True)]
    assert (month.reads, len(month.waits), month.share, month.before.unread) == (1, 2, 1.0, 1)
    assert month.earlier == month.later == []
    assert last_month(charlie.viewer, base_rules()).waits == [], "another unit's month is its own"
    assert effect_of(alice.viewer, base_rules(), "urgent").waits[0].arrival.referral_id == first
    assert not effect_of(charlie.viewer, base_rules(), "urgent").waits


def test_a_month_that_is_too_large_is_looked_at_in_part(alice: Person, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(harbour_unit, *floods.reports(8, viral=False))
    monkeypatch.setattr("grace.pipeline.effect.MOST_REPLAYED", 2)
    month = last_month(alice.viewer, base_rules())
    assert (len(month.waits), month.share) == (2, 0.25)
    pipeline.edit_rules(alice.viewer, lifted(), "")
    assert "25.0 % of the referrals" in alice.client.get(reverse("rules-draft")).text


def test_the_page_tells_how_far_a_change_of_rules_is(alice: Person, bob: Person, waiting: list[Any]) -> None:
    publish_by_two(alice, bob, lifted())
    assert "3 referrals still stand" in alice.client.get(reverse("rules")).text
    run_due_jobs()
    assert "still stand" not in alice.client.get(reverse("rules")).text


def test_the_kill_switch_and_who_publishes_stand_on_the_page(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    assert "Back to the base rules" not in alice.client.get(reverse("rules")).text
    publish_by_two(alice, bob, lifted())
    assert "Back to the base rules" in alice.client.get(reverse("rules")).text
    assert alice.client.post(reverse("base-rules"), {"reason": " "}).status_code == 400
    done = alice.client.post(reverse("base-rules"), {"reason": "it was a mistake"}, follow=True)
    assert "The base rules are in force as version 3" in done.text
    assert "One person alone put it in force: it was a mistake" in done.text
    assert read_rules(RuleSet.objects.get(unit=harbour_unit, state="published").body) == read_rules(base_rules())
    head = make_person("Grete", harbour_unit, EVERYTHING_BUT_ACCOUNTS | {Capability.ADMINISTER})
    assert "Two people again" in head.client.post(reverse("one-alone"), {"reason": "at night"}, follow=True).text
    assert "Two people again" not in head.client.post(reverse("one-alone"), {"act": "withdraw"}, follow=True).text
