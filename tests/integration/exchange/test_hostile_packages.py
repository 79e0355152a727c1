"""Whatever was changed, repeated, misdirected or too late is refused with its reason, and the attempt stands in the ledger."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from grace.agencies.keys import text_of
from grace.custody.ledger import page
from grace.evidence import vault
from grace.exchange import manifest as manifests
from grace.exchange.body import seal
from grace.exchange.errors import Rejected
from grace.exchange.label import Label, read_head
from grace.exchange.manifest import Manifest
from grace.exchange.models import Arrival, Dispatch
from grace.exchange.outbox import LASTS, Order
from grace.intake.folders import pack_members
from grace.kernel import clock
from grace.kernel.ids import new_id
from grace.pipeline import agencies, take_over
from grace.pipeline.hand_over import export, hand_over, take_receipt
from grace.referrals.models import Referral
from grace.sdk.intake import Bytes
from tests.support.agencies import Installation, administrators, enrol, write_key
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(place: vault.Place, alice: Person, north: Installation, south: Installation, tmp_path: Path) -> bytes:
    """A package for South, as it lies on a medium."""
    hand_in(north.unit, sample("d2"))
    with north.at_home():
        order = Order(south.agency, "investigation", "The account is theirs.")
        dispatch = hand_over(alice.viewer, Referral.objects.get().id, order)
        export(dispatch.id, tmp_path / "package")
    return (tmp_path / "package").read_bytes()


def refused(raw: bytes, at: Installation) -> str:
    """The code with which an installation refuses; that the attempt was written down is looked at here."""
    before = len(page(limit=500))
    with at.at_home(), pytest.raises(Rejected) as found:
        take_over.receive_package(io.BytesIO(raw))
    newest = page(limit=500)
    assert len(newest) == before + 1
    assert (newest[0].act, newest[0].denied, newest[0].detail["reason"]) == ("exchange.receive", True, found.value.code)
    assert not Arrival.objects.exists()
    return found.value.code


def test_a_bit_changed_anywhere_is_found(package: bytes, south: Installation) -> None:
    dice = random.Random(3)
    head = read_head(io.BytesIO(package)).length
    places = [*range(0, head, 17), head, head + 500, head + 1_121, len(package) - 1, *(dice.randrange(len(package)) for _ in range(25))]
    codes = set()
    for place in places:
        wrong = bytearray(package)
        wrong[place] ^= 1 << dice.randrange(8)
        codes.add(refused(bytes(wrong), south))
    assert codes <= {"malformed", "wrong-signature", "tampered", "unknown-sender", "wrong-recipient"}


@pytest.mark.parametrize("cut", [0, 10, 300, 0.5, -1])
def test_a_package_that_was_cut_off_or_grew_is_refused(package: bytes, south: Installation, cut: float) -> None:
    end = int(cut * len(package)) if isinstance(cut, float) and cut else int(cut)
    assert refused(package[:end], south) in {"malformed", "tampered"}


def test_more_bytes_behind_the_end_are_refused(package: bytes, south: Installation) -> None:
    assert refused(package + b"more", south) == "tampered"


def test_a_package_for_somebody_else_is_refused(package: bytes, north: Installation, south: Installation, tmp_path: Path) -> None:
    east = Installation("Example Police East", "PL", tmp_path / "east", south.unit)
    assert refused(package, east) == "wrong-recipient"


def test_a_stranger_s_package_is_refused(package: bytes, south: Installation, tmp_path: Path) -> None:
    stranger = Installation("Nobody", "DE", tmp_path / "stranger", south.unit)
    assert refused(resigned(package, stranger, sender=stranger.agency), south) == "unknown-sender"


def test_a_label_that_somebody_else_signed_is_refused(package: bytes, south: Installation, tmp_path: Path) -> None:
    stranger = Installation("Nobody", "DE", tmp_path / "stranger", south.unit)
    assert refused(resigned(package, stranger), south) == "wrong-signature"


def test_revoked_keys_open_no_door(package: bytes, north: Installation, south: Installation) -> None:
    agencies.revoke(administrators(south.unit)[0], north.agency, "The key was lost.")
    assert refused(package, south) == "revoked-key"


def test_a_package_that_is_too_old_or_from_the_future_is_refused(package: bytes, south: Installation) -> None:
    for shift, code in ((LASTS + timedelta(seconds=1), "expired"), (-timedelta(minutes=11), "from-the-future")):
        with clock.held(clock.now() + shift):
            assert refused(package, south) == code


def test_a_package_arrives_once_however_often_it_is_sent(package: bytes, south: Installation, charlie: Person) -> None:
    with south.at_home():
        receipts = {take_over.receive_package(io.BytesIO(package)).receipt for _ in range(3)}
        take_over.accept(charlie.viewer, Arrival.objects.get().id)
        receipts.add(take_over.receive_package(io.BytesIO(package)).receipt)
    assert len(receipts) == 1
    assert Arrival.objects.filter(kind="handover").count() == 1
    assert Referral.objects.filter(unit=south.unit).count() == 1
    assert [entry.act for entry in page(limit=500)].count("exchange.accept") == 1


def test_the_outer_signature_alone_does_not_do(package: bytes, north: Installation, south: Installation, tmp_path: Path) -> None:
    """Somebody who is enrolled too cannot pass off what another agency sealed as their own."""
    east = Installation("Example Police East", "PL", tmp_path / "east", south.unit)
    with south.at_home():
        enrol(east, south.unit)
    assert refused(resigned(package, east, sender=east.agency), south) == "wrong-signature"


def resigned(package: bytes, by: Installation, **changes: object) -> bytes:
    """The same body under a label that ``by`` signed."""
    head = read_head(io.BytesIO(package))
    label = replace(head.label, **changes)  # type: ignore[arg-type]  # of tests
    return label.head(by.keys()) + package[head.length :]


def made(north: Installation, south: Installation, change: Callable[[Manifest], Manifest], **members: bytes) -> bytes:
    """A package as a hostile, enrolled North could make it."""
    now = clock.now().replace(microsecond=0)
    key = new_id()
    inside = {name.replace("_", "."): content for name, content in members.items()}
    base = Manifest(
        package=key,
        kind="handover",
        sender=north.agency,
        sender_name=north.name,
        sender_state=north.state,
        recipient=south.agency,
        made_at=now,
        expires_at=now + LASTS,
        purpose="investigation",
        part="whole",
        members={name: manifests.Sum(len(content), hashlib.sha256(content).digest()) for name, content in inside.items()},
    )
    told = change(base).text()
    inside |= {"manifest.json": told, "manifest.sig": text_of(north.keys().sign(manifests.SIGNED + told)).encode()}
    zipped = pack_members({name: Bytes(name, content) for name, content in inside.items()})
    body = b"".join(seal(zipped, south.keys().public.sealing_key(), key))
    sha256 = hashlib.sha256(body).digest()
    return Label(key, "handover", north.agency, south.agency, now, now + LASTS, len(body), sha256).head(north.keys()) + body


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[" * 5_000,
        b'{"format":"grace-referral","version":1}',
        b'{"format":"grace-referral","version":1,"from":{},"report":{}}',
    ],
)
def test_a_referral_that_cannot_be_read_is_not_taken(place: vault.Place, north: Installation, south: Installation, content: bytes) -> None:
    assert refused(made(north, south, lambda same: same, referral_json=content), south) == "malformed"


def test_a_manifest_that_lies_is_refused(place: vault.Place, north: Installation, south: Installation) -> None:
    lies: list[tuple[Callable[[Manifest], Manifest], set[str]]] = [
        (lambda told: replace(told, recipient=new_id()), {"wrong-recipient"}),
        (lambda told: replace(told, sender=new_id()), {"differs"}),
        (lambda told: replace(told, package=new_id()), {"differs"}),
        (lambda told: replace(told, sender_name="Another Name"), {"unknown-sender"}),
        (lambda told: replace(told, purpose="curiosity"), {"malformed"}),
        (lambda told: replace(told, conditions=("whatever",)), {"malformed"}),
        (lambda told: replace(told, members={}), {"malformed", "tampered"}),
        (lambda told: replace(told, kind="update", replaces=new_id()), {"differs"}),
    ]
    for lie, codes in lies:
        assert refused(made(north, south, lie, referral_json=b"{}"), south) in codes


def test_a_receipt_that_is_not_the_recipient_s_is_refused(package: bytes, north: Installation, south: Installation) -> None:
    with south.at_home():
        receipt = take_over.receive_package(io.BytesIO(package)).receipt
    dispatch = Dispatch.objects.get(kind="handover")
    with north.at_home():
        for wrong in (
            receipt.replace("delivered", "Delivered"),
            receipt[:-5] + "AAAA\n",
            receipt.replace(str(dispatch.id), str(new_id())),
            "x",
        ):
            with pytest.raises(Rejected):
                take_receipt(wrong)
        dispatch.refresh_from_db()
        assert dispatch.state == "sent"
        assert take_receipt(receipt).state == "delivered"
        assert take_receipt(receipt).state == "delivered"


def test_another_key_of_the_same_name_is_another_key(package: bytes, north: Installation, south: Installation) -> None:
    write_key(north.key, north.agency)
    assert refused(resigned(package, north), south) == "wrong-signature"
