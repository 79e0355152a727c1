"""Hostile and broken documents through the whole intake: each is taken in or quarantined, and harms nobody beside it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping

import pytest

from grace.accounts.models import Unit
from grace.evidence import vault
from grace.evidence.models import SealedObject
from grace.intake import registry
from grace.intake.formats import cybertipline, lea_json
from grace.intake.models import Document
from grace.pipeline.receive import Delivery, Intake, Outcome, Receipt, read_again, receive
from grace.referrals.models import Version
from grace.sdk.intake import Claim, Kind, Package, Person, Reading, Report, Role
from tests.support.deliveries import hand_in, sample
from tests.support.mutations import mutations
from tests.support.people import Person as Officer

pytestmark = pytest.mark.django_db
SEED, MUTATIONS, BATCH = 27, 300, 50
TOLD = (b"Google LLC", b"100200300400500600700", b"ilse.fictitia@example.com", b"G-0001.jpg")
TAKEN = {Outcome.NEW, Outcome.VERSION, Outcome.DOUBLE}


class Broken:
    """A plug-in that breaks its promise: what it says of a claim is of no type that can be stored."""

    name, version = "broken", "1"
    carries = frozenset[str]()

    def recognises(self, package: Package) -> float:
        return 1.0 if any(name.startswith("broken") for name in package) else 0.0

    def read(self, package: Package) -> tuple[Reading, ...]:
        said: object = "maybe" if "broken-in-database" in package else object()
        claim = Claim(Kind.EMAIL, "a@example.org", "$", verified=said)  # type: ignore[arg-type]  # the broken promise
        report = Report("broken", "Nobody", "1", "Nobody", persons=(Person(Role.REPORTED, "$", {}, (claim,)),))
        return (Reading(report, tuple(package)),)

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        return ()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken plug-in is installed beside the others."""
    monkeypatch.setattr(registry, "formats", lambda: (Broken(), cybertipline.FORMAT, lea_json.FORMAT))


def numbered(number: str) -> bytes:
    """A report with this number."""
    return sample("d1").replace(b"210000001", f'"{number}"'.encode())


def take(unit: Unit, documents: list[tuple[str, bytes]]) -> list[Receipt]:
    return receive(Intake(unit.id, "test", "system:test"), [Delivery(name, content) for name, content in documents])


def test_mutated_samples_are_taken_in_or_quarantined(harbour_unit: Unit) -> None:
    print(f"seed {SEED}")
    documents = list(mutations(SEED, MUTATIONS))
    receipts: list[Receipt] = []
    for start in range(0, MUTATIONS, BATCH):
        receipts += take(harbour_unit, documents[start : start + BATCH])
    counts = Counter(receipt.outcome for receipt in receipts)
    print(counts, Counter(receipt.reason_code for receipt in receipts if receipt.reason_code))
    assert [receipt.name for receipt in receipts] == [name for name, _ in documents]
    assert counts.total() == MUTATIONS
    assert not [receipt for receipt in receipts if receipt.reason_code in {"format-failed", "not-storable"}]
    assert counts[Outcome.NEW] + counts[Outcome.VERSION] > MUTATIONS / 2
    assert Document.objects.count() == MUTATIONS - counts[Outcome.DOUBLE]
    assert Version.objects.count() >= counts[Outcome.NEW] + counts[Outcome.VERSION]


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("name", ["broken-in-database", "broken-before"])
@pytest.mark.parametrize("place", [0, 17, 49])
def test_one_document_that_cannot_be_stored_harms_none_of_its_batch(harbour_unit: Unit, name: str, place: int) -> None:
    good = [(f"{count}.json", numbered(f"22{count:07}")) for count in range(BATCH)]
    assert len({content for _, content in good}) == BATCH
    good[place] = (name, b"whatever")
    receipts = take(harbour_unit, good)
    assert [receipt.name for receipt in receipts] == [each for each, _ in good]
    refused = receipts.pop(place)
    assert (refused.outcome, refused.reason_code) == (Outcome.QUARANTINED, "not-storable")
    assert {receipt.outcome for receipt in receipts} <= TAKEN
    assert Document.objects.filter(state="quarantined").count() == 1
    assert SealedObject.objects.count() == BATCH
    with vault.open(Document.objects.get(id=refused.document_id).object_id) as kept:
        assert kept.read() == b"whatever"


@pytest.mark.usefixtures("broken")
def test_reading_it_again_leaves_it_in_quarantine_until_a_better_reader_comes(
    alice: Officer, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = take(harbour_unit, [("broken-in-database", sample("d1"))])[0].document_id
    assert read_again(alice.viewer, waiting).reason_code == "not-storable"
    assert Document.objects.get(id=waiting).attempts == 2
    monkeypatch.setattr(registry, "formats", lambda: (lea_json.FORMAT,))
    assert read_again(alice.viewer, waiting).outcome is Outcome.NEW


@pytest.mark.parametrize("name", ["a\x00b.json", "a\udcffb.json", "x" * 5_000, "../../etc/passwd", ""])
def test_the_name_of_a_document_is_only_a_name(harbour_unit: Unit, name: str) -> None:
    receipt = hand_in(harbour_unit, sample("d2"), name=name)[0]
    assert receipt.outcome is Outcome.NEW


def test_values_longer_than_an_index_row_are_stored(harbour_unit: Unit) -> None:
    """An index row of PostgreSQL holds 2,704 bytes."""
    long = "".join(hashlib.sha256(str(count).encode()).hexdigest() for count in range(100))
    documents = [("number", numbered(long)), *((told.decode(), sample("d1").replace(told, long.encode())) for told in TOLD)]
    assert {receipt.outcome for receipt in take(harbour_unit, documents)} == {Outcome.NEW, Outcome.VERSION}
