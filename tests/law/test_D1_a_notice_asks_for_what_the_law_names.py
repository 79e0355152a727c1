"""DSA Article 18: a provider's notice holds what recital 56 and Article 18(2) name, and asks for nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.custody.models import Entry
from grace.intake import notice_links
from grace.intake.formats.dsa_notice.description import GROUNDS, NOTICE
from grace.intake.formats.dsa_notice.examples import SMALLEST, WHOLE
from grace.intake.notice_fields import SECTIONS
from grace.intake.notice_form import compose
from grace.pipeline import notices
from grace.referrals.models import Version
from grace.referrals.read import canonical_of
from grace.routing.models import Proposal
from grace.sdk.intake import Bytes

pytestmark = pytest.mark.django_db

ASKED = {
    "the content": {"urls", "content_reference", "content_text", "digests", "files"},
    "the time of publication with its time zone": {"published_at", "time_zone"},
    "the explanation of the suspicion": {"suspicion"},
    "what locates and identifies the recipient": {
        *("user_ids", "screen_names", "emails", "phones", "ips", "first_name", "last_name", "date_of_birth"),
        *("address_street", "address_postal_code", "address_city", "address_country"),
    },
    "the states concerned by offence, suspect and victim": {"states_offence", "states_suspect", "states_victim"},
    "who gives the notice": {"contact", "phone", "reference", "established_in"},
}
"""The form, entry for entry, under the words of the law."""


def told(unit: Unit, document: dict[str, Any], *files: Bytes) -> dict[str, Any]:
    """What the referral of a notice says once it came in by the form's way."""
    link, _ = notices.add_link(operator(), "Example Hosting", unit, timedelta(days=1))
    visitor = notice_links.visitor_of(bytes(link.digest))
    notices.hand_in(visitor, document, files)
    return canonical_of(Version.objects.get())


def test_the_document_has_the_places_that_the_law_names_and_no_other() -> None:
    assert set(NOTICE.members) == {
        *("dsa_notice", "provider", "content", "published_at", "time_zone", "suspicion", "recipient", "states_concerned")
    }
    assert GROUNDS == ("offence", "suspect", "victim")


def test_the_form_asks_for_these_and_nothing_else() -> None:
    entries = [field.name for section in SECTIONS for field in section.fields]
    assert sorted(entries) == sorted(name for names in ASKED.values() for name in names)


def test_only_what_the_law_demands_must_be_filled_in() -> None:
    needed = {field.name for section in SECTIONS for field in section.fields if field.required}
    assert needed == {"suspicion", "contact"}
    assert set(compose({}, "Example Hosting").faults) == {*needed, "urls"}


def test_a_time_of_publication_needs_its_time_zone() -> None:
    typed = {"published_at": "2026-11-01T21:10", "suspicion": "Invented.", "contact": "a@example.net", "content_text": "A card."}
    assert set(compose(typed, "Example Hosting").faults) == {"time_zone"}


def test_states_time_and_suspicion_are_kept_for_routing(harbour_unit: Unit) -> None:
    facts = told(harbour_unit, WHOLE, Bytes("card.txt", b"Hello world"))["referral"]["facts"]
    assert facts["states_concerned"] == "NL; DE"
    assert (facts["states_concerned_offence"], facts["states_concerned_suspect"], facts["states_concerned_victim"]) == ("NL", "NL", "DE")
    assert facts["published_at"] == "2026-11-01 21:10:09 +01:00"
    assert facts["suspicion"] == WHOLE["suspicion"]
    assert facts["established_in"] == "IE"


def test_a_notice_that_names_no_state_says_so(harbour_unit: Unit) -> None:
    said = told(harbour_unit, SMALLEST)
    assert "states_concerned" not in said["referral"]["facts"]
    assert "states-missing" in {note["code"] for note in said["notes"]}


def test_nobody_is_a_suspect_by_a_notice(harbour_unit: Unit) -> None:
    assert {person["role"] for person in told(harbour_unit, WHOLE)["persons"]} == {"reported", "sender"}


def test_link_and_notice_stand_in_the_ledger(harbour_unit: Unit) -> None:
    told(harbour_unit, SMALLEST)
    entries = {entry.act: entry for entry in Entry.objects.all()}
    link, received = entries["notices.link.add"], entries["document.receive"]
    assert link.subjects[2] == f"unit:{harbour_unit.id}"
    assert received.actor == link.subjects[1]
    assert received.detail["way"] == "notice-form"


def test_the_states_that_a_notice_names_are_proposed_under_its_criteria(harbour_unit: Unit) -> None:
    told(harbour_unit, {**SMALLEST, "states_concerned": [{"state": "AT", "because": ["victim"]}, {"state": "FR", "because": ["offence"]}]})
    assert set(Proposal.objects.values_list("state", "criterion")) == {("AT", "victim"), ("FR", "offence")}
