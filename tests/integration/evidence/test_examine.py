"""Looking into files: fingerprints are kept whatever their quality, and failures with their reason."""

from __future__ import annotations

import io
import os
from uuid import UUID

import pytest
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from grace.accounts.models import Unit
from grace.evidence import examine, files
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.files import Keep
from grace.evidence.models import Examination, Fingerprint
from grace.pipeline.examine import examine_and_score, examine_anew
from grace.sdk.video import unpack
from tests.support.films import film, scenes

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
    examined = examine.look_into([[file.id]])
    files.release(harbour_unit.id, [file.id])
    examine.record(examined)
    assert not Examination.objects.exists()
    assert examine.fingerprint_files([]) == []


def test_a_video_gets_one_fingerprint_of_all_its_pictures(harbour_unit: Unit) -> None:
    content = film(scenes(1, 3))
    (file,) = files.keep_many([Keep(harbour_unit.id, content, "received")])
    assert examine.videos_among([file.id]) == [file.id]
    examine.fingerprint_files([file.id])
    (kept,) = examine.fingerprints_of([file.id])[file.id]
    assert kept.algorithm == "vpdq"
    assert [frame.start for frame in unpack(kept.value).frames] == [0, 1000, 2000]
    seen = examine.examinations_of([file.id])[file.id]
    assert (seen.decoded, seen.width, seen.height) == (True, 128, 96)
    assert seen.decoder.startswith("av ")
    assert examine.looked_into_otherwise(None, 10) == []


def test_what_was_looked_into_otherwise_is_looked_into_again(harbour_unit: Unit) -> None:
    contents = [written(fractal(60, 40 + number)).getvalue() for number in range(4)]
    kept = [each.id for each in files.keep_many([Keep(harbour_unit.id, content, "received") for content in (*contents, b"words")])]
    examine.fingerprint_files(kept[:3])
    Examination.objects.filter(file_id=kept[1]).update(decoder="pillow 9, rule 1")
    assert examine.looked_into_otherwise(None, 10) == sorted([kept[1], kept[3]])
    assert examine.looked_into_otherwise(min(kept[1], kept[3]), 10) == [max(kept[1], kept[3])]
    assert examine_anew() == 2
    (job,) = ProcrastinateJob.objects.filter(task_name="pipeline.examine")
    examine_and_score([UUID(each) for each in job.args["files"]])
    assert examine_anew() == 0
    assert set(examine.fingerprints_of(kept)) == set(kept[:4])
