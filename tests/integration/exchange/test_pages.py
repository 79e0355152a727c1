"""The screens of exchange: preparing, looking at what leaves, the inbox, and the directory with its two persons."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.agencies.models import Enrolment
from grace.casework.models import Decision, QueueRow
from grace.custody.ledger import page
from grace.evidence import vault
from grace.exchange.models import Arrival, Dispatch
from grace.pipeline import take_over
from grace.pipeline.hand_over import export
from grace.referrals.models import Identifier, Referral
from grace.referrals.models import Person as Named
from tests.support.agencies import Installation
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(place: vault.Place, north: Installation, south: Installation) -> Referral:
    hand_in(north.unit, sample("d2"))
    return Referral.objects.get()


def form(south: Installation, **changes: object) -> dict[str, object]:
    return {
        "agency": str(south.agency),
        "purpose": "investigation",
        "reason": "The account is theirs.",
        "person": ["0"],
        "file": [],
        "incident": "",
        "condition": ["no-onward-transfer"],
        "closes": "yes",
        **changes,
    }


def test_what_leaves_is_looked_at_before_it_does(alice: Person, referral: Referral, north: Installation, south: Installation) -> None:
    with north.at_home():
        asked = alice.client.get(reverse("hand-over", args=[referral.id]))
        assert "Example Police South" in asked.text
        shown = alice.client.post(reverse("hand-over", args=[referral.id]), form(south))
        assert "Nothing has left yet." in shown.text
        assert not Dispatch.objects.exists()
        sent = alice.client.post(reverse("hand-over-send", args=[referral.id]), form(south), follow=True)
        assert "It waits to be carried to Example Police South by file." in sent.text
        assert "Hand-over to Example Police South: waiting" in sent.text
    dispatch = Dispatch.objects.get()
    assert (dispatch.part["persons"], dispatch.part["incident"], dispatch.conditions) == ([0], False, ["no-onward-transfer"])
    decision = Decision.objects.get()
    assert (decision.id, decision.act, decision.recipient) == (dispatch.decision, "hand_over", "Example Police South")
    assert QueueRow.objects.get().outcome == "handed_over"


def test_while_covered_a_preview_shows_no_value(alice: Person, referral: Referral, north: Installation, south: Installation) -> None:
    with north.at_home():
        told = form(south, incident="yes", person=["0", "1"])
        covered = alice.client.post(reverse("hand-over", args=[referral.id]), told).text
        values = [value for value in Identifier.objects.values_list("value", flat=True) if len(value) > 6]
        assert not [value for value in values if value in covered]
        alice.client.post(reverse("decide", args=[referral.id]), {"act": "take"})
        open_now = alice.client.post(reverse("hand-over", args=[referral.id]), told).text
        assert [value for value in values if value in open_now]


@pytest.mark.parametrize(
    "wrong", [{"agency": "x"}, {"reason": " "}, {"purpose": "curiosity"}, {"person": ["99"]}, {"person": ["x"]}, {"person": [], "file": []}]
)
def test_a_form_that_does_not_do_is_shown_again(
    alice: Person, referral: Referral, north: Installation, south: Installation, wrong: dict[str, object]
) -> None:
    with north.at_home():
        for route in ("hand-over", "hand-over-send"):
            answer = alice.client.post(reverse(route, args=[referral.id]), form(south, **wrong))
            assert answer.status_code == 400
            assert 'role="alert"' in answer.text
    assert not Dispatch.objects.exists()


def test_taking_the_decision_back_keeps_here_what_has_not_left(
    alice: Person, referral: Referral, north: Installation, south: Installation
) -> None:
    with north.at_home():
        alice.client.post(reverse("hand-over-send", args=[referral.id]), form(south))
        alice.client.post(reverse("decide", args=[referral.id]), {"act": "take_back", "reason": "too early"})
    assert Dispatch.objects.get().state == "withdrawn"
    assert QueueRow.objects.get().status == "open"
    assert page(subject=f"package:{Dispatch.objects.get().id}")[0].act == "exchange.withdraw"


@pytest.fixture
def arrival(alice: Person, referral: Referral, north: Installation, south: Installation, tmp_path: Path) -> Arrival:
    with north.at_home():
        alice.client.post(reverse("hand-over-send", args=[referral.id]), form(south, person=["0", "1"], incident="yes"))
        export(Dispatch.objects.get().id, tmp_path / "package")
    with south.at_home(), (tmp_path / "package").open("rb") as stream:
        return take_over.receive_package(stream)


def test_the_inbox_takes_in_a_part(alice: Person, charlie: Person, arrival: Arrival, south: Installation) -> None:
    with south.at_home():
        assert arrival.package.hex[-12:] in charlie.client.get(reverse("exchange")).text
        shown = charlie.client.get(reverse("package", args=[arrival.id]))
        assert "Example Police North" in shown.text
        assert "No onward transfer" in shown.text
        partly = {"what": "part", "person": ["0"]}
        assert charlie.client.post(reverse("accept-package", args=[arrival.id]), partly).status_code == 400
        taken = charlie.client.post(
            reverse("accept-package", args=[arrival.id]), {**partly, "reason": "Only the first is ours."}, follow=True
        )
        assert "partly taken" in taken.text
        assert "No onward transfer" in taken.text
    theirs = Referral.objects.get(unit=south.unit)
    assert Named.objects.filter(version__referral=theirs).count() == 1
    assert alice.client.get(reverse("package", args=[arrival.id])).status_code == 404


def test_what_is_refused_is_erased(charlie: Person, arrival: Arrival, south: Installation) -> None:
    with south.at_home():
        assert charlie.client.post(reverse("refuse-package", args=[arrival.id]), {"reason": ""}).status_code == 400
        charlie.client.post(reverse("refuse-package", args=[arrival.id]), {"reason": "Not ours."})
    arrival.refresh_from_db()
    assert (arrival.state, arrival.object_id, arrival.report) == ("refused", None, None)
    assert not Referral.objects.filter(unit=south.unit).exists()
    assert Dispatch.objects.get(kind="answer").answer == "refused"


def test_two_administrators_enrol_an_agency(dora: Person, north: Installation, tmp_path: Path) -> None:
    emil = make_person("Emil", north.unit, frozenset({Capability.ADMINISTER}))
    east = Installation("Example Police East", "PL", tmp_path / "east", north.unit)
    with north.at_home():
        file = SimpleUploadedFile("card.json", east.card().encode())
        dora.client.post(reverse("propose-agency"), {"file": file})
        waiting = Enrolment.objects.get()
        address = reverse("confirm-agency", args=[waiting.id])
        assert dora.client.post(address, {"fingerprint": waiting.fingerprint}).status_code == 403
        assert emil.client.post(address, {"fingerprint": "0" * 64}).status_code == 400
        assert waiting.fingerprint not in emil.client.get(reverse("agencies")).text.replace(" ", "")
        done = emil.client.post(address, {"fingerprint": waiting.fingerprint.upper()}, follow=True)
        assert "The keys of Example Police East are in force." in done.text
        emil.client.post(reverse("contact-point", args=[east.agency]))
        assert "contact point" in emil.client.get(reverse("agencies")).text
        emil.client.post(reverse("revoke-agency", args=[east.agency]), {"reason": "The key was lost."})
        assert "keys not in force" in emil.client.get(reverse("agencies")).text


def test_our_own_card_can_be_saved(dora: Person, north: Installation) -> None:
    with north.at_home():
        assert dora.client.get(reverse("agency-card")).text == north.card()
    assert "This installation has no name yet." in dora.client.get(reverse("agencies")).text


def test_the_api_lists_what_left_and_what_came(alice: Person, charlie: Person, arrival: Arrival, south: Installation) -> None:
    (sent,) = alice.client.get("/api/v1/hand-overs").json()
    assert (sent["package"], sent["state"], sent["agency_name"]) == (str(arrival.package), "sent", south.name)
    (came,) = charlie.client.get("/api/v1/hand-overs/received").json()
    assert (came["package"], came["state"], came["conditions"]) == (str(arrival.package), "waiting", ["no-onward-transfer"])
    assert charlie.client.get("/api/v1/hand-overs").json() == []
    assert alice.client.get("/api/v1/hand-overs/received").json() == []
