from __future__ import annotations

import io
from itertools import combinations

import pytest
from PIL import Image

from grace.simulate.pictures import NEAR_VARIANTS, Variant, distance, draw, fingerprint, vary

PICTURES = [draw(11, "test", number) for number in range(24)]


def test_the_same_key_draws_the_same_picture() -> None:
    assert draw(11, "test", 0) == PICTURES[0]


def test_pictures_are_small_jpegs() -> None:
    for content in PICTURES:
        image = Image.open(io.BytesIO(content))
        assert image.format == "JPEG"
        assert 512 <= max(image.size) <= 1024
        assert len(content) < 200_000


def test_nearly_all_pictures_can_be_fingerprinted() -> None:
    assert sum(fingerprint(content)[1] >= 50 for content in PICTURES) >= 22


def test_no_two_pictures_are_near() -> None:
    values = [fingerprint(content)[0] for content in PICTURES]
    assert min(distance(one, other) for one, other in combinations(values, 2)) > 45


@pytest.mark.parametrize("variant", NEAR_VARIANTS)
def test_near_variants_are_other_bytes_and_stay_within_31(variant: Variant) -> None:
    for number, content in enumerate(PICTURES):
        varied = vary(content, variant, 11, number)
        assert varied != content
        assert distance(fingerprint(content)[0], fingerprint(varied)[0]) <= 31


def test_a_touched_picture_shows_the_same_pixels() -> None:
    varied = vary(PICTURES[0], Variant.TOUCHED, 1)
    assert Image.open(io.BytesIO(varied)).tobytes() == Image.open(io.BytesIO(PICTURES[0])).tobytes()


def test_a_hard_cut_is_not_near() -> None:
    cut = [
        distance(fingerprint(content)[0], fingerprint(vary(content, Variant.CUT, 11, number))[0]) for number, content in enumerate(PICTURES)
    ]
    assert min(cut) > 31


def test_resized_and_cropped_pictures_are_smaller() -> None:
    width = Image.open(io.BytesIO(PICTURES[0])).size[0]
    for variant in (Variant.RESIZED, Variant.CROPPED):
        assert Image.open(io.BytesIO(vary(PICTURES[0], variant, 1))).size[0] < width
