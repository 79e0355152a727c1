"""Planted values come back, every one and nothing else; any mutation is answered within the steps; Pillow reads the same."""

from __future__ import annotations

import io
import random
from collections import defaultdict
from contextlib import suppress
from functools import cache

import pytest
from PIL import Image

from grace.analysis.analysers.metadata.analyser import ANALYSER, GIVES, said
from grace.analysis.analysers.walks.reading import Steps
from grace.sdk.analysis import MOST_SEEN, Content, Finding
from tests.property.test_file_type import mutated
from tests.support.file_kinds.pictures import gradient
from tests.support.file_kinds.planted import Planted, exif_of, values_of_exif, with_exif, with_other_forms, with_tags
from tests.support.file_kinds.set import whole

_MUTATIONS = 25
_OF_THE_CONTAINER = frozenset({"dimensions", "duration"})


@cache
def pictures() -> list[Planted]:
    return [*with_exif(), *with_other_forms()]


@cache
def films() -> list[Planted]:
    pytest.importorskip("av")
    return list(with_tags())


def told(content: bytes) -> dict[str, set[str]]:
    found = defaultdict(set)
    for finding in ANALYSER.examine(Content("", content)):
        assert isinstance(finding, Finding)
        found[finding.kind].add(finding.value)
    return found


@pytest.mark.parametrize("planted", pictures(), ids=lambda planted: planted.name)
def test_all_that_was_planted_in_a_picture_comes_back_and_nothing_else(planted: Planted) -> None:
    found = {kind: values for kind, values in told(planted.content).items() if kind not in _OF_THE_CONTAINER}
    if planted.name in {"IPTC in JPEG", "C2PA in two segments of JPEG"}:  # which stand in a picture with a comment
        del found["comment"]
    assert found == planted.values


def test_at_least_twenty_files_were_planted() -> None:
    assert len(pictures()) >= 20


def test_all_that_was_planted_in_films_sounds_and_documents_comes_back() -> None:
    assert len(films()) >= 10
    for planted in films():
        found = told(planted.content)
        assert {kind: values - found[kind] for kind, values in planted.values.items() if values - found[kind]} == {}, planted.name


def test_a_heic_says_what_a_jpeg_says() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    stream = io.BytesIO()
    picture = gradient("RGB", (64, 48))
    exif = exif_of(3, 52.25, -0.125)
    del exif[0x112]
    picture.info["exif"] = exif.tobytes()
    pillow_heif.from_pillow(picture).save(stream)
    values = values_of_exif(3, 52.25, -0.125)
    found = told(stream.getvalue())
    assert {kind: values[kind] for kind in values if kind != "orientation"} == {
        kind: found[kind] for kind in values if kind != "orientation"
    }


@pytest.mark.parametrize("planted", list(with_exif()), ids=lambda planted: planted.name)
def test_pillow_reads_the_same(planted: Planted) -> None:
    exif = Image.open(io.BytesIO(planted.content)).getexif()
    camera, place, found = exif.get_ifd(0x8769), exif.get_ifd(0x8825), told(planted.content)
    assert found["device.model"] == {exif[0x110]}
    assert found["software"] == {exif[0x131]}
    assert found["device.serial"] == {camera[0xA431], camera[0xA435]}
    assert found["image.id"] == {camera[0xA420]}
    degrees = [
        float(sum(float(part) / 60**power for power, part in enumerate(place[tag]))) * (-1 if place[tag - 1] in {"S", "W"} else 1)
        for tag in (2, 4)
    ]
    assert found["gps"] == {",".join(f"{each:.6f}" for each in degrees)}


def test_whole_files_that_say_nothing_of_a_person_or_place() -> None:
    """No finding is made of what is not there."""
    personal = {"gps", "taken_at", "device.make", "device.model", "device.serial", "device.owner", "image.id", "generator", "c2pa"}
    for each in whole():
        assert not personal & set(told(each.content)), each.name


def test_every_kind_that_is_told_is_planted_somewhere() -> None:
    seen = {kind for planted in (*pictures(), *films()) for kind in told(planted.content)}
    assert set(GIVES) - seen <= {"thumbnail"}


def test_any_mutation_is_answered_within_the_steps() -> None:
    chance = random.Random(20_261_126)
    for each in [*pictures(), *films()]:
        for _ in range(_MUTATIONS):
            steps, broken = Steps(), mutated(each.content, chance)
            with suppress(ValueError):
                assert len(said(broken, steps)) <= MOST_SEEN
                assert ANALYSER.examine(Content("", broken)) == ANALYSER.examine(Content("", broken))
