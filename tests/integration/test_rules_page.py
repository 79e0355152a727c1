"""The rules page, as officers use it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.custody import ledger
from grace.pipeline import rules as pipeline
from grace.priority.publish import mark_of
from grace.priority.rules import base_rules
from grace.web.rules.test_form import fields_of
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person
from tests.support.rule_bodies import lifted, publish_by_two

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(harbour_unit: Unit) -> list[Any]:
    return [each.referrals[0] for each in hand_in(harbour_unit, sample("d1"), sample("d5"), sample("d6"))]


def test_the_page_shows_what_is_in_force(alice: Person, bob: Person) -> None:
    for person in (alice, bob):
        page = person.client.get(reverse("rules"))
        assert "Version 1 is in force" in page.text
        assert "sender escalated" in page.text


def test_it_is_closed_to_who_was_given_nothing(eve: Person) -> None:
    for route in ("rules", "edit-rules", "rules-draft"):
        assert eve.client.get(reverse(route)).status_code == 403
    assert eve.client.post(reverse("edit-rules"), {"json": json.dumps(lifted()), "act": "save"}).status_code == 403
    assert eve.client.post(reverse("publish-rules", args=[1])).status_code == 403


def test_from_the_table_to_a_published_version(alice: Person, bob: Person, waiting: list[Any]) -> None:
    sent = {**fields_of(base_rules()), "seen": "", "note": "a test", "act": "save", "r0-number": "33"}
    review = alice.client.post(reverse("edit-rules"), sent, follow=True)
    assert "Draft: version 2" in review.text
    assert "+33" in review.text
    assert "move up" in review.text
    seen = mark_of(pipeline.standing(alice.viewer).draft)
    done = bob.client.post(reverse("publish-rules", args=[2]), {"seen": seen}, follow=True)
    assert "Version 2 is in force" in done.text
    assert pipeline.standing(alice.viewer).published.body["rules"][0]["points"] == 33


def test_adding_a_row_keeps_what_was_typed(alice: Person) -> None:
    sent = {**fields_of(base_rules()), "seen": "", "note": "half a thought", "act": "add-rule:urgency", "r0-text": "typed words"}
    page = alice.client.post(reverse("edit-rules"), sent)
    assert "typed words" in page.text
    assert "half a thought" in page.text
    assert f'name="r{len(base_rules()["rules"])}-id"' in page.text
    assert pipeline.standing(alice.viewer).draft is None


def test_every_fault_stands_beside_its_line(alice: Person) -> None:
    page = alice.client.post(reverse("edit-rules"), {**fields_of(base_rules()), "act": "save", "r0-number": "1000", "f0-number": "x"})
    assert page.status_code == 400
    assert "2 places have to be mended" in page.text
    assert page.text.count('class="rule faulty"') == 2


def test_the_text_twin_does_the_same(alice: Person) -> None:
    address = reverse("edit-rules")
    assert "line 1" in alice.client.post(address, {"json": "{", "act": "save"}).text
    assert "holds exactly format" in alice.client.post(address, {"json": "{}", "act": "save"}).text
    alice.client.post(address, {"json": json.dumps(lifted()), "act": "save", "seen": ""})
    assert pipeline.standing(alice.viewer).draft.body == lifted()  # type: ignore[union-attr]  # it was just made


def test_a_preview_lists_the_most_affected_and_keeps_nothing(alice: Person, waiting: list[Any]) -> None:
    page = alice.client.post(reverse("edit-rules"), {"json": json.dumps(lifted()), "act": "preview", "seen": ""})
    assert "3 referrals from the top looked at" in page.text
    assert "not saved yet" in page.text
    assert pipeline.standing(alice.viewer).draft is None
    assert "rules.preview" in [each.act for each in ledger.page(actor=alice.viewer.actor)]


def test_a_draft_that_changed_meanwhile_is_not_overwritten(alice: Person, bob: Person) -> None:
    pipeline.edit_rules(bob.viewer, lifted(), "bob was faster")
    sent = {**fields_of(base_rules()), "act": "save", "seen": "", "r0-text": "typed words"}
    answer = alice.client.post(reverse("edit-rules"), sent)
    assert answer.status_code == 409
    assert "typed words" in answer.text
    assert pipeline.standing(alice.viewer).draft.note == "bob was faster"  # type: ignore[union-attr]  # there is one
    knowingly = alice.client.post(reverse("edit-rules"), {**sent, "seen": answer.context["seen"]})
    assert knowingly.status_code == 302
    assert alice.client.post(reverse("publish-rules", args=[2]), {"seen": "2.yesterday"}).status_code == 409


def test_versions_are_compared_and_rolled_back(alice: Person, bob: Person) -> None:
    publish_by_two(alice, bob, lifted())
    page = alice.client.get(reverse("rules-version", args=[1]), {"with": "2"})
    assert "f-all" in page.text
    assert alice.client.get(reverse("rules-version", args=[2])).status_code == 200
    review = alice.client.post(reverse("roll-back-rules", args=[1]), {"seen": ""}, follow=True)
    assert "back to version 1" in review.text
    assert "given up" in alice.client.post(reverse("discard-draft"), follow=True).text
    assert alice.client.get(reverse("rules-draft")).status_code == 404
    assert alice.client.get(reverse("rules-version", args=[9])).status_code == 404


def test_another_unit_sees_none_of_it(alice: Person, charlie: Person, waiting: list[Any]) -> None:
    pipeline.edit_rules(alice.viewer, lifted(), "alice's own")
    assert "alice" not in charlie.client.get(reverse("rules")).text.lower()
    assert charlie.client.get(reverse("rules-version", args=[2])).status_code == 404
    assert charlie.client.post(reverse("publish-rules", args=[2])).status_code == 404
    page = charlie.client.post(reverse("edit-rules"), {"json": json.dumps(lifted()), "act": "preview", "seen": ""})
    assert "0 referrals" in page.text


def test_a_note_that_cannot_be_shown_is_refused_calmly(alice: Person) -> None:
    answer = alice.client.post(reverse("edit-rules"), {"json": json.dumps(lifted()), "act": "save", "seen": "", "note": "a\0b"})
    assert answer.status_code == 400
