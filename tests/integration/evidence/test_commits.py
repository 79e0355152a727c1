"""What a commit, a rollback and concurrent writers do to files and their bytes."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from grace.accounts.models import Unit
from grace.evidence import files, vault
from grace.evidence.files import Hold, Keep
from grace.evidence.models import File, SealedObject
from grace.kernel.errors import Missing


def _hold(unit: Unit, *contents: bytes) -> list[files.Held]:
    return files.hold_many([Hold(unit.id, sealed, "received") for sealed in vault.seal_many(contents)])


def test_deleted_bytes_stay_until_the_commit(committed_db: None, place: vault.Place) -> None:
    sealed = vault.seal(io.BytesIO(b"to be erased"))
    with transaction.atomic():
        vault.delete(sealed.object_id)
        assert list(place.store.list()) == [sealed.object_id]
        transaction.set_rollback(True)
    assert vault.read(sealed.object_id) == b"to be erased"
    with transaction.atomic():
        vault.delete(sealed.object_id)
    assert list(place.store.list()) == []
    with pytest.raises(Missing):
        vault.read(sealed.object_id)


def test_the_superfluous_copy_goes_after_the_commit(committed_db: None, place: vault.Place) -> None:
    north = Unit.objects.create(name="North", slug="north")
    with transaction.atomic():
        _hold(north, b"picture")
    with transaction.atomic():
        _hold(north, b"picture")
        assert len(list(place.store.list())) == 2
    assert len(list(place.store.list())) == 1


def test_batches_that_share_files_do_not_lock_each_other_out(committed_db: None, place: vault.Place) -> None:
    north = Unit.objects.create(name="North", slug="north")
    contents = [b"%d" % number for number in range(40)]

    def work(turn: int) -> None:
        try:
            for _ in range(5):
                with transaction.atomic():
                    held = files.keep_many([Keep(north.id, content, "received") for content in contents[:: 1 if turn % 2 else -1]])
                if turn == 3:
                    with transaction.atomic():
                        files.release(north.id, [file.id for file in held])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, turn) for turn in range(4)]:
            done.result()
    for file in File.objects.all():
        assert len(vault.read(file.object_id)) == file.size
    assert set(SealedObject.objects.values_list("id", flat=True)) == set(File.objects.values_list("object_id", flat=True))
