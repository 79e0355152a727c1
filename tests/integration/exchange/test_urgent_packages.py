"""What a floor holds up at another agency is told here at once, when it comes and by its reference only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.casework.models import Alert, QueueRow
from grace.custody import ledger
from grace.evidence import vault
from grace.exchange.models import Arrival
from grace.exchange.outbox import Order
from grace.kernel import clock
from grace.pipeline import alert as pipeline
from grace.pipeline import take_over
from grace.pipeline.alert import Round
from grace.pipeline.hand_over import export, hand_over
from grace.referrals.models import Identifier
from tests.support.agencies import Installation
from tests.support.deliveries import hand_in, raise_two, sample
from tests.support.hooks import Hook, listening
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db

ADDRESS = "duty@agency.example"


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as found:
        yield found


def handed(north: Installation, south: Installation, alice: Person, referral: UUID, file: Path) -> Path:
    with north.at_home():
        order = Order(south.agency, "investigation", "The account is theirs.")
        export(hand_over(alice.viewer, referral, order).id, file)
    return file


def arrive(south: Installation, file: Path) -> Arrival:
    with south.at_home(), file.open("rb") as stream:
        return take_over.receive_package(stream)


@pytest.fixture
def urgent(place: vault.Place, north: Installation, south: Installation, alice: Person, tmp_path: Path) -> Path:
    """A package about a referral that stands on a floor at North, on its way."""
    referral = raise_two(north.unit)[0]
    file = handed(north, south, alice, referral, tmp_path / "urgent")
    Alert.objects.all().delete()  # North's own
    return file


def test_an_urgent_package_raises_one_alert_however_often_it_comes(south: Installation, urgent: Path) -> None:
    arrival = arrive(south, urgent)
    arrive(south, urgent)
    found = Alert.objects.get()
    assert (found.arrival, found.referral, found.unit) == (arrival.id, None, south.unit)
    assert found.reference == arrival.package.hex[-12:]


def test_it_goes_out_by_its_reference_only_and_is_written_down(south: Installation, urgent: Path, hook: Hook, settings: Any) -> None:
    settings.GRACE_ALERT_EMAIL, settings.GRACE_ALERT_WEBHOOK = ADDRESS, hook.address
    arrival = arrive(south, urgent)
    assert pipeline.send_due() == Round(1, 0)
    assert hook.told == [{"kind": "urgent-package", "package": arrival.reference, "raised_at": Alert.objects.get().raised_at.isoformat()}]
    assert [each.subject for each in mail.outbox] == [f"GRACE: urgent package {arrival.reference} from another agency"]
    said = json.dumps(hook.told) + "".join(f"{each.subject}{each.body}" for each in mail.outbox)
    assert not [value for value in Identifier.objects.values_list("value", flat=True) if value in said]
    told = [each.recipient for each in ledger.history(f"arrival:{arrival.id}") if each.act == "alert.send"]
    assert sorted(told) == ["channel:email", "channel:webhook"]


def test_a_package_that_is_not_urgent_raises_none(
    place: vault.Place, north: Installation, south: Installation, alice: Person, tmp_path: Path
) -> None:
    (receipt,) = hand_in(north.unit, sample("d2"))
    QueueRow.objects.update(floor=0)
    arrive(south, handed(north, south, alice, receipt.referrals[0], tmp_path / "plain"))
    assert not Alert.objects.filter(arrival__isnull=False).exists()


def test_every_open_page_of_whoever_may_take_it_in_shows_it(alice: Person, charlie: Person, south: Installation, urgent: Path) -> None:
    before = charlie.client.get(reverse("urgent-now")).json()["urgent-packages"]
    assert (before["count"], before["newest"]) == (0, 0)
    arrival = arrive(south, urgent)
    pill = charlie.client.get(reverse("urgent-now")).json()["urgent-packages"]
    assert (pill["count"], pill["text"], pill["newest"]) == (1, "1 urgent package", arrival.received_at.timestamp())
    assert 'id="urgent-packages"' in charlie.client.get(reverse("queue")).text
    assert alice.client.get(reverse("urgent-now")).json()["urgent-packages"]["count"] == 0
    reader = make_person("Rita", south.unit, frozenset({Capability.READ}))
    assert "urgent-packages" not in reader.client.get(reverse("urgent-now")).json()
    assert 'id="urgent-packages"' not in reader.client.get(reverse("queue")).text
    with south.at_home(), clock.held(clock.now() + timedelta(minutes=1)):
        take_over.refuse(charlie.viewer, arrival.id, "Not ours.")
    assert charlie.client.get(reverse("urgent-now")).json()["urgent-packages"]["count"] == 0


def test_an_alert_is_of_a_referral_or_of_a_package_and_never_of_both_or_neither(south: Installation, urgent: Path) -> None:
    arrive(south, urgent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.update(arrival=None)
