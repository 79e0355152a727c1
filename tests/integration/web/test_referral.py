from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.casework.models import Decision, Note, QueueRow
from grace.custody import ledger
from grace.pipeline.decide import decide
from grace.priority.models import Assessment
from grace.referrals.models import Attachment, Sighting, Version
from grace.referrals.models import Person as Named
from grace.referrals.read import canonical_of
from tests.integration.web import story
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def page_of(referral: UUID) -> str:
    return reverse("referral", args=[referral])


def pages_of(referral: UUID) -> Iterator[str]:
    """Every page on which something of the referral could be read."""
    yield page_of(referral)
    yield reverse("document", args=[referral])
    yield reverse("versions", args=[referral])
    yield reverse("compare-versions", args=[referral, 1, 1]) + "?all=1"


def values_of(referral: UUID) -> set[str]:
    """Every value that stays covered: identifiers in both spellings, what is said of persons, texts, names of files."""
    sightings = Sighting.objects.select_related("identifier").filter(referral_id=referral)
    found = {value for each in sightings for value in (each.identifier.value, each.as_written)}
    found |= {str(value) for person in Named.objects.filter(version__referral_id=referral) for value in person.fields.values()}
    found |= {each.name or "" for each in Attachment.objects.filter(referral_id=referral)}
    canonical = canonical_of(Version.objects.get(referral_id=referral))
    found |= {text["text"] for place in (canonical, *canonical["persons"], *canonical["attachments"]) for text in place["passages"]}
    return {value for value in found if len(value) > 5}


SAMPLES = ("d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8")


@pytest.mark.parametrize("name", SAMPLES)
def test_no_value_leaves_the_server_before_the_referral_is_taken(alice: Person, bob: Person, harbour_unit: Unit, name: str) -> None:
    (referral,) = story.samples(harbour_unit, name)
    sender = QueueRow.objects.select_related("sender").get(referral_id=referral).sender.name
    for address in pages_of(referral):
        text = html.unescape(alice.client.get(address).text)
        assert {value for value in values_of(referral) if value in text and value not in sender} == set()
    decide(alice.viewer, referral, Wish("take"))
    for address in pages_of(referral):
        text = html.unescape(bob.client.get(address).text)
        assert {value for value in values_of(referral) if value in text and value not in sender} == set()


@pytest.mark.parametrize("name", SAMPLES)
def test_taking_uncovers_every_identifier_for_the_officer(alice: Person, harbour_unit: Unit, name: str) -> None:
    (referral,) = story.samples(harbour_unit, name)
    alice.client.post(reverse("decide", args=[referral]), {"act": "take"})
    text = html.unescape(alice.client.get(page_of(referral)).text)
    values = set(Sighting.objects.filter(referral_id=referral).values_list("identifier__value", flat=True))
    assert {value for value in values if value not in text} == set()
    assert 'class="c"' not in text


ROUTES = ("referral", "document", "versions", "compare-versions", "decide", "note")


@pytest.mark.parametrize("route", ROUTES)
def test_another_unit_reaches_nothing_and_the_attempt_is_written_down_once(charlie: Person, harbour_unit: Unit, route: str) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    before = len(story.entries_of(referral))
    address = reverse(route, args=[referral, 1, 1] if route == "compare-versions" else [referral])
    ask = charlie.client.post if route in {"decide", "note"} else charlie.client.get
    answer = ask(address, {"act": "take", "text": "a note"})
    assert answer.status_code == 404
    assert "Example" not in answer.text.replace("Charlie Example", "")
    denied = [each for each in ledger.page(actor=charlie.viewer.actor) if each.denied]
    assert len(denied) == 1
    assert len(story.entries_of(referral)) - before <= 1
    assert not Decision.objects.exists()
    assert not Note.objects.exists()


def test_a_page_is_one_consultation(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    alice.client.get(page_of(referral))
    assert next((each.act, each.actor) for each in story.entries_of(referral)) == ("referral.read", alice.viewer.actor)
    assert len(ledger.page(actor=alice.viewer.actor)) == 1


def test_the_reasons_of_every_axis_sum_to_it(alice: Person, harbour_unit: Unit) -> None:
    for referral in [*story.samples(harbour_unit, *SAMPLES), story.urgent(harbour_unit)]:
        text = alice.client.get(page_of(referral)).text
        axes = re.findall(r'<section class="axis.*?</section>', text, re.DOTALL)
        assert len(axes) == 4
        for axis in axes:
            points = [int(each.replace("\u2212", "-")) for each in re.findall(r"<span>([+\u2212]\d+)</span>", axis)]
            value = re.search(r'<b class="value">(\d+)</b>', axis)
            assert value is not None
            assert sum(points) == int(value[1])


def test_what_if_leaves_out_the_escalation(alice: Person, harbour_unit: Unit) -> None:
    story.samples(harbour_unit, "d1", "d2", "d5")
    referral = story.urgent(harbour_unit)
    assessment = Assessment.objects.get(referral_id=referral)
    text = alice.client.get(page_of(referral)).text
    line = re.search(r"Without the sender(?:'|&#x27;)s escalation: rank (\d+)", text)
    assert line is not None
    assert 1 <= int(line[1]) <= 4
    assert f'<b class="value">{assessment.urgency}</b>' in text


def test_a_floor_asks_for_known_and_duplicate_once_more(alice: Person, harbour_unit: Unit) -> None:
    referral = story.urgent(harbour_unit)
    address = reverse("decide", args=[referral])
    for act in ("known", "duplicate"):
        asked = alice.client.post(address, {"act": act, "reason": "seen before"})
        assert asked.status_code == 409
        assert "sender escalated" in asked.text
        assert "seen before" in asked.text
        assert not Decision.objects.exists()
    alice.client.post(address, {"act": "known", "reason": "seen before", "confirmed": "yes"})
    assert QueueRow.objects.get(referral_id=referral).outcome == "known"


def test_every_act_can_be_carried_out_and_taken_back(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    address = reverse("decide", args=[referral])
    acts = {
        "assign": {"officer": str(bob.officer.id)},
        "escalate": {},
        "hand_over": {"recipient": "Hill Unit"},
        "duplicate": {},
        "known": {},
        "not_actionable": {},
        "not_criminal": {},
    }
    for act, more in acts.items():
        done = alice.client.post(address, {"act": act, "reason": f"because {act}", **more}, follow=True)
        assert f"because {act}" in done.text, act
        back = alice.client.post(address, {"act": "take_back", "reason": "it was too early"}, follow=True)
        assert "The last decision is taken back." in back.text
        assert QueueRow.objects.get(referral_id=referral).status == "open"
    assert Decision.objects.count() == 2 * len(acts)
    assert {"referral.hand_over", "referral.take_back"} <= {each.act for each in story.entries_of(referral)}


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "known"},
        {"act": "hand_over", "reason": "theirs"},
        {"act": "assign", "reason": "x", "officer": "nobody"},
        {"act": "burn", "reason": "x"},
    ],
)
def test_a_decision_without_what_it_needs_changes_nothing(alice: Person, harbour_unit: Unit, sent: dict[str, str]) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    assert alice.client.post(reverse("decide", args=[referral]), sent).status_code == 400
    assert QueueRow.objects.get(referral_id=referral).status == "open"


def test_the_second_officer_to_take_it_is_told(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    alice.client.post(reverse("decide", args=[referral]), {"act": "take"})
    assert bob.client.post(reverse("decide", args=[referral]), {"act": "take"}).status_code == 409
    assert "Taken by Alice Example" in bob.client.get(page_of(referral)).text


def test_whether_the_sender_viewed_a_file_has_three_answers(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    first = Attachment.objects.filter(referral_id=referral).order_by("ordinal").first()
    assert first is not None
    for viewed, words in ((True, "viewed: yes"), (False, "viewed: no"), (None, "viewed: not stated")):
        Attachment.objects.filter(id=first.id).update(viewed=viewed)
        text = alice.client.get(page_of(referral)).text
        tile = re.search(r'<span class="name">f01</span><span class="badge">([^<]+)</span>', text)
        assert tile is not None
        assert tile[1] == words


def test_without_a_list_a_file_is_not_checked_and_never_unknown(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    text = alice.client.get(page_of(referral)).text
    assert "not checked" in text
    assert "on no list" not in text
    assert "not checked" in alice.client.get("/queue/").text


def test_every_count_of_an_identifier_leads_to_so_many_referrals(alice: Person, harbour_unit: Unit) -> None:
    referrals = story.samples(harbour_unit, *SAMPLES)
    for referral in referrals:
        text = alice.client.get(page_of(referral)).text
        links = re.findall(r'href="(/queue/\?like=\d+)">in (\d+)<', text)
        assert links
        for address, number in links:
            assert story.total(alice.client, address) == int(number)


def test_two_versions_stand_side_by_side(alice: Person, harbour_unit: Unit) -> None:
    first = sample("d1")
    hand_in(harbour_unit, first)
    (receipt,) = hand_in(
        harbour_unit, first.replace(b"Example", b"Changed", 1) if b"Example" in first else first.replace(b"example", b"changed", 1)
    )
    (referral,) = receipt.referrals
    covered = alice.client.get(reverse("compare-versions", args=[referral, 1, 2])).text
    assert "1 difference" in covered
    assert "<mark>" not in covered
    decide(alice.viewer, referral, Wish("take"))
    assert alice.client.get(reverse("compare-versions", args=[referral, 1, 2])).text.count("<mark>") == 2
    assert "version 2 of 2" in alice.client.get(page_of(referral)).text
    assert "which a later one has replaced" in alice.client.get(page_of(referral) + "?version=1").text


def test_everything_the_document_says_can_be_read(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d2")
    decide(alice.viewer, referral, Wish("take"))
    leaves = canonical_of(Version.objects.get(referral_id=referral))["leaves"]
    text, start = "", 0
    while start < len(leaves):
        text += html.unescape(alice.client.get(reverse("document", args=[referral]), {"start": start}).text)
        start += 200
    assert {leaf["path"] for leaf in leaves if leaf["path"] not in text} == set()
    assert {leaf["value"] for leaf in leaves if leaf["value"] not in text} == set()
    assert alice.client.get(reverse("document", args=[referral]), {"start": 99_999}).status_code == 404


def test_a_note_is_kept_and_shown_to_colleagues(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    alice.client.post(reverse("note", args=[referral]), {"text": "Asked the sender for the port."})
    assert "Asked the sender for the port." in bob.client.get(page_of(referral)).text
    assert alice.client.post(reverse("note", args=[referral]), {"text": " "}).status_code == 400


def test_the_history_names_colleagues_and_nobody_else(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    bob.client.post(reverse("decide", args=[referral]), {"act": "escalate", "reason": "a pattern"})
    text = alice.client.get(page_of(referral)).text
    assert "Escalated, Bob Example" in text
    assert str(bob.officer.id) not in text.split('<section class="panel" aria-labelledby="h-history">')[1]


def test_a_known_file_names_the_list_that_knows_it(alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    story.with_lists(harbour_unit, tmp_path)
    known = [row.referral_id for row in QueueRow.objects.all() if row.summary.get("known")]
    assert known
    text = alice.client.get(page_of(known[0])).text
    assert '<span class="badge known">known</span>' in text
    assert "example-agency: <b>invented-" in text or "example-hotline: <b>invented-" in text
    assert "exact</a></span>" in text


def test_contradictions_are_counted_and_covered_until_the_referral_is_taken(alice: Person, harbour_unit: Unit) -> None:
    referral = story.contradicted(harbour_unit)
    queue_page = alice.client.get(reverse("queue")).text
    assert f'href="/referrals/{referral}/versions/">1 contradiction</a>' in queue_page
    assert "1 contradiction</a>" in alice.client.get(page_of(referral)).text
    address = reverse("versions", args=[referral])
    covered = alice.client.get(address).text
    assert "First name" in covered
    assert "reported person 1" in covered
    assert "Zoe" not in covered
    for where in (address, reverse("compare-versions", args=[referral, 1, 2]) + "?all=1"):
        assert "Zoe" not in alice.client.get(where).text
    decide(alice.viewer, referral, Wish("take"))
    open_page = alice.client.get(address).text
    assert "Zoe" in open_page
    assert "CyberTipline XML" in open_page
    assert "Zoe" in alice.client.get(reverse("compare-versions", args=[referral, 1, 2])).text


def test_two_versions_are_chosen_and_an_odd_choice_is_refused(alice: Person, harbour_unit: Unit) -> None:
    referral = story.contradicted(harbour_unit)
    address = reverse("versions", args=[referral])
    answer = alice.client.get(address, {"older": "2", "newer": "1"})
    assert answer.headers["Location"] == reverse("compare-versions", args=[referral, 1, 2])
    assert alice.client.get(address, {"older": "two", "newer": "1"}).status_code == 400
    assert alice.client.get(address, {"at": "yesterday"}).status_code == 400
    assert "Nothing was known then." in alice.client.get(address, {"at": "2001-01-01T00:00:00"}).text
    assert alice.client.get(reverse("compare-versions", args=[referral, 1, 9])).status_code == 404


BIO = '{"reportId": "7", "reportedInformation": {"reportingEsp": {"espName": "Example"}, "additionalInformations": [{"value": "%s"}]}}'


def test_identifiers_in_a_text_are_marked_where_they_stand_and_called_what_they_are(alice: Person, harbour_unit: Unit) -> None:
    text = "Write to Kite@Example.org &lt;b&gt; or insta: @blue.kite"
    (receipt,) = hand_in(harbour_unit, (BIO % text).encode())
    (referral,) = receipt.referrals
    covered = alice.client.get(page_of(referral)).text
    assert "found in text" in covered
    assert "kite@example.org" not in covered.casefold()
    decide(alice.viewer, referral, Wish("take"))
    page = alice.client.get(page_of(referral)).text
    assert re.findall(r"<mark[^>]*>([^<]+)</mark>", page) == ["Kite@Example.org", "@blue.kite"]
    assert "characters 9\u201325" in page
    assert ">instagram</span>" in page
    assert "&amp;lt;b&amp;gt;" in page
