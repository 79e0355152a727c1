from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.custody import ledger
from grace.evidence import vault
from grace.intake.models import Document
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.pipeline import quarantine
from grace.pipeline.receive import Outcome, read_again
from grace.web.quarantine.words import WORDS
from tests.support.deliveries import hand_in, sample, unreadable
from tests.support.people import Person
from tests.support.source import files_of

pytestmark = pytest.mark.django_db

NAME = "an-invented-personal-name.json"


@pytest.fixture
def waiting(harbour_unit: Unit) -> UUID:
    """A document of Alice's unit that could not be read."""
    return hand_in(harbour_unit, unreadable(), name=NAME)[0].document_id


def acts(document: UUID) -> list[tuple[str, bool]]:
    return [(each.act, each.denied) for each in ledger.history(f"document:{document}")]


def test_the_list_tells_why_and_covers_names(alice: Person, bob: Person, waiting: UUID) -> None:
    for person in (alice, bob):
        page = person.client.get(reverse("quarantine"))
        assert "it ends in the middle" in page.text
        assert waiting.hex[-12:] in page.text
        assert NAME not in page.text
    assert acts(waiting)[0] == ("quarantine.list", False)


def test_another_units_list_is_empty(charlie: Person, waiting: UUID) -> None:
    assert waiting.hex[-12:] not in charlie.client.get(reverse("quarantine")).text


def test_an_opened_document_shows_its_name_and_digest(alice: Person, waiting: UUID) -> None:
    page = alice.client.get(reverse("quarantine-document", args=[waiting]))
    assert NAME in page.text
    assert bytes(Document.objects.get(id=waiting).sha256).hex() in page.text
    assert acts(waiting)[0] == ("quarantine.read", False)


@pytest.mark.parametrize("route", ["quarantine-document", "read-document-again", "dismiss-document", "restore-document"])
def test_another_unit_reaches_nothing_and_the_attempt_is_written_down_once(charlie: Person, waiting: UUID, route: str) -> None:
    ask = charlie.client.get if route == "quarantine-document" else charlie.client.post
    assert ask(reverse(route, args=[waiting])).status_code == 404
    entries = ledger.page(actor=charlie.viewer.actor)
    assert [each.denied for each in entries] == [True]


def test_without_the_capability_nothing_opens(eve: Person, waiting: UUID) -> None:
    assert eve.client.get(reverse("quarantine")).status_code == 403
    assert eve.client.get(reverse("quarantine-document", args=[waiting])).status_code == 403
    assert eve.client.post(reverse("dismiss-document", args=[waiting]), {"reason": "not needed"}).status_code == 403


def test_reading_again_counts_the_attempt(alice: Person, waiting: UUID) -> None:
    answer = alice.client.post(reverse("read-document-again", args=[waiting]), follow=True)
    assert "still not readable" in answer.text
    assert Document.objects.get(id=waiting).attempts == 2


def test_a_newer_reader_reads_it(alice: Person, waiting: UUID) -> None:
    document = Document.objects.get(id=waiting)
    document.object_id = vault.seal_many([sample("d1")])[0].object_id
    document.save()
    assert read_again(alice.viewer, waiting).outcome is Outcome.NEW
    assert Document.objects.get(id=waiting).state == "read"
    with pytest.raises(Conflict):
        read_again(alice.viewer, waiting)


def test_dismissing_needs_a_reason_and_can_be_taken_back(alice: Person, waiting: UUID) -> None:
    address = reverse("dismiss-document", args=[waiting])
    assert alice.client.post(address, {"reason": " "}).status_code == 400
    alice.client.post(address, {"reason": "sent by mistake"})
    assert waiting.hex[-12:] not in alice.client.get(reverse("quarantine")).text
    assert waiting.hex[-12:] in alice.client.get(reverse("quarantine"), {"state": "dismissed"}).text
    assert "sent by mistake" in alice.client.get(reverse("quarantine-document", args=[waiting])).text
    with vault.open(Document.objects.get(id=waiting).object_id) as original:
        assert original.read() == unreadable()
    alice.client.post(reverse("restore-document", args=[waiting]))
    assert waiting.hex[-12:] in alice.client.get(reverse("quarantine")).text
    told = [act for act, _ in acts(waiting)]
    assert {"quarantine.dismiss", "quarantine.restore"} <= set(told)


def test_two_officers_do_not_dismiss_it_twice(alice: Person, bob: Person, waiting: UUID) -> None:
    quarantine.dismiss(alice.viewer, waiting, "sent by mistake")
    with pytest.raises(Conflict):
        quarantine.dismiss(bob.viewer, waiting, "sent by mistake")


def test_documents_of_one_moment_are_all_shown_once(alice: Person, harbour_unit: Unit) -> None:
    with clock.held(datetime(2026, 3, 1, tzinfo=UTC)):
        wanted = {each.document_id for each in hand_in(harbour_unit, *map(unreadable, range(7)))}
    with clock.held(datetime(2026, 3, 2, tzinfo=UTC)):
        wanted |= {each.document_id for each in hand_in(harbour_unit, *map(unreadable, range(7, 10)))}
    seen: list[UUID] = []
    after = ""
    while True:
        page = quarantine.unread(alice.viewer, after=after, most=3)
        seen += [each.id for each in page.documents]
        after = page.after
        if not after:
            break
    assert len(seen) == 10
    assert set(seen) == wanted


@pytest.mark.parametrize("key", ["x", "ä", "AAAA", "MjAyNi0wMS0wMX4wMTkwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA"])
def test_a_key_of_somebody_else_is_refused(alice: Person, key: str) -> None:
    with pytest.raises(Invalid):
        quarantine.unread(alice.viewer, after=key)


def test_a_document_that_was_read_is_not_here(alice: Person, harbour_unit: Unit) -> None:
    read = hand_in(harbour_unit, sample("d1"))[0].document_id
    with pytest.raises(Missing):
        quarantine.open_document(alice.viewer, read)


def test_every_code_of_our_readers_has_its_words() -> None:
    said = {
        code
        for path in files_of("src/grace/intake")
        for code in re.findall(r'Unreadable\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8"))
    }
    assert said <= set(WORDS)
