"""Looking into files: fingerprints are kept whatever their quality, and failures with their reason."""

from __future__ import annotations

import io
import os

import pytest
from PIL import Image

from grace.accounts.models import Unit
from grace.evidence import examine, files
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.files import Keep
from grace.evidence.models import Examination, Fingerprint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_each_file_gets_a_fingerprint_or_a_reason(harbour_unit: Unit) -> None:
    flat = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(flat, "PNG")
    contents = [written(fractal()).getvalue(), flat.getvalue(), b"\xff\xd8\xff" + os.urandom(50), b"words"]
    good, poor, broken, text = files.keep_many([Keep(harbour_unit.id, content, "received") for content in contents])
    everything = [good.id, poor.id, broken.id, text.id]
    examine.fingerprint_files(everything)
    kept = examine.fingerprints_of(everything)
    assert set(kept) == {good.id, poor.id}
    assert kept[good.id][0].quality >= examine.LEAST_QUALITY > kept[poor.id][0].quality
    seen = examine.examinations_of(everything)
    assert [seen[file_id].reason for file_id in everything] == [
        "",
        "",
        "not decoded: damaged or cut short",
        "not decoded: no decoder for this format",
    ]
    assert (seen[good.id].width, seen[good.id].height) == (320, 200)
    assert seen[good.id].decoder.startswith("pillow ")


def test_looking_again_replaces_what_was_seen(harbour_unit: Unit) -> None:
    (file,) = files.keep_many([Keep(harbour_unit.id, written(fractal()).getvalue(), "received")])
    examine.fingerprint_files([file.id])
    Fingerprint.objects.update(value=b"?" * 32, quality=0)
    examine.fingerprint_files([file.id])
    assert Fingerprint.objects.get().quality > 0
    assert Examination.objects.count() == 1


def test_a_file_erased_meanwhile_is_left_out(harbour_unit: Unit) -> None:
    (file,) = files.keep_many([Keep(harbour_unit.id, written(fractal()).getvalue(), "received")])
    examined = examine.look_into([file.id])
    files.release(harbour_unit.id, [file.id])
    examine.record(examined)
    assert not Examination.objects.exists()
    assert examine.fingerprint_files([]) == []
