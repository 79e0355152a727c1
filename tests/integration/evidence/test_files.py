"""Files and holdings: Alice's and Bob's units may hold the same bytes, and bytes go when the last lets go."""

from __future__ import annotations

import pytest

from grace.accounts.models import Unit
from grace.evidence import files, vault
from grace.evidence.files import Hold, Keep
from grace.evidence.models import Examination, File, Fingerprint, Holding, SealedObject
from grace.kernel.errors import Missing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def north() -> Unit:
    return Unit.objects.create(name="North", slug="north")


@pytest.fixture
def south() -> Unit:
    return Unit.objects.create(name="South", slug="south")


def _hold(unit: Unit, *contents: bytes) -> list[files.Held]:
    return files.hold_many([Hold(unit.id, sealed, "received") for sealed in vault.seal_many(contents)])


def test_the_same_bytes_are_one_file_held_by_two(north: Unit, south: Unit) -> None:
    (first,) = _hold(north, b"picture")
    (second,) = _hold(south, b"picture")
    assert first.id == second.id
    assert (first.new, second.new) == (True, False)
    assert set(Holding.objects.values_list("unit_id", flat=True)) == {north.id, south.id}
    assert SealedObject.objects.count() == 1
    assert vault.read(second.object_id) == b"picture"


def test_order_and_repetition_within_a_batch(north: Unit) -> None:
    held = _hold(north, b"b", b"a", b"b", b"c", b"a")
    assert [vault.read(file.object_id) for file in held] == [b"b", b"a", b"b", b"c", b"a"]
    assert File.objects.count() == SealedObject.objects.count() == Holding.objects.count() == 3
    assert files.hold_many([]) == []


def test_the_first_reason_stays(north: Unit) -> None:
    for why in ("received", "again"):
        files.hold(north.id, vault.seal_many([b"x"])[0], why)
    assert Holding.objects.get().why == "received"


def test_known_bytes_are_not_written_again(north: Unit, south: Unit, place: vault.Place) -> None:
    files.keep_many([Keep(north.id, b"viral", "received")])
    kept = files.keep_many(
        [Keep(south.id, b"viral", "received"), Keep(south.id, b"a,b\n1,2", "received", "TABLE.CSV"), Keep(south.id, b"viral", "received")]
    )
    assert [file.new for file in kept] == [False, True, False]
    assert kept[1].media_type == "text/csv"
    assert len(list(place.store.list())) == 2
    assert Holding.objects.filter(unit=south).count() == 2
    assert files.known([kept[0].sha256, b"?" * 32]) == {kept[0].sha256: kept[0].id}


def test_bytes_go_with_the_last_holding(north: Unit, south: Unit) -> None:
    (file,) = _hold(north, b"picture")
    _hold(south, b"picture")
    Fingerprint.objects.create(file_id=file.id, algorithm="pdq", value=b"f" * 32, quality=90)
    Examination.objects.create(file_id=file.id, decoded=True, decoder="test")
    assert files.release(north.id, [file.id]) == []
    assert vault.read(file.object_id) == b"picture"
    assert files.release(south.id, [file.id]) == [file.id]
    assert not File.objects.exists()
    assert not Fingerprint.objects.exists()
    with pytest.raises(Missing):
        vault.read(file.object_id)


def test_a_stranger_releases_nothing(north: Unit, south: Unit) -> None:
    (file,) = _hold(north, b"picture")
    assert files.release(south.id, [file.id]) == []
    assert Holding.objects.get().unit_id == north.id
