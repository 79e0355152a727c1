from __future__ import annotations

from unittest import mock

import numpy as np
import numpy.typing as npt
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grace.evidence.decoding.program import pdq, rounded
from grace.evidence.decoding.program.blur import sampled
from grace.evidence.decoding.program.pdq import Pdq, fingerprint
from grace.evidence.decoding.program.rounded import step_by_step
from grace.sdk.analysis import Fingerprint
from grace.sdk.testing import HasherContract
from tests.support.pictures import noise, varied

Pixels = npt.NDArray[np.uint8]


class TestPdq(HasherContract):
    hasher = Pdq()


def reference(pixels: Pixels) -> Fingerprint:
    bits, quality = pdqhash.compute(pixels)
    return Fingerprint("pdq", np.packbits(bits).tobytes(), int(quality))


@pytest.mark.parametrize("count", [120, pytest.param(1_020, marks=[pytest.mark.soak, pytest.mark.timeout(3_600)])])
def test_same_bits_and_quality_as_the_reference(count: int) -> None:
    wrong = [name for name, pixels in varied(count) if fingerprint(pixels) != reference(pixels)]
    assert wrong == []


def test_step_by_step_is_the_reference_to_the_last_digit() -> None:
    for name, pixels in varied(51, most_side=400):
        frequencies, _ = pdqhash.compute_float(pixels)
        assert np.array_equal(pdq._frequencies(step_by_step(pixels)).ravel()[::-1], frequencies), name


@given(
    st.tuples(st.integers(5, 700), st.integers(5, 700)) | st.sampled_from([(5, 3000), (3000, 5), (64, 65), (129, 1500), (1500, 129)]),
    st.sampled_from(["grain", "flat", "slope", "field", "grey"]),
    st.integers(1, 200),
    st.integers(0, 2**32 - 1),
)
@settings(deadline=None, max_examples=80)
def test_so_it_is_in_portions_of_any_size(sides: tuple[int, int], kind: str, columns: int, seed: int) -> None:
    """Large pictures are followed portion by portion: here small ones are, so that borders lie everywhere."""
    pixels = _plain(np.random.default_rng(seed), *sides, kind)
    with mock.patch.multiple(rounded, _PORTION=0, _LEAST_PORTION=columns):
        found = pdq._frequencies(step_by_step(pixels[..., 0] if kind == "grey" else pixels))
    assert np.array_equal(found.ravel()[::-1], pdqhash.compute_float(pixels)[0])


def _plain(rng: np.random.Generator, height: int, width: int, kind: str) -> Pixels:
    if kind == "grain":
        return rng.integers(0, 256, (height, width, 3), np.uint8)
    colour = rng.integers(0, 256, 3, np.uint8)
    down, across = np.mgrid[0:height, 0:width]
    match kind:
        case "flat":
            shade = np.ones((height, width), np.uint8)
        case "slope":
            shade = (down + across) * 255 // (height + width)
        case _:
            shade = (down // 7 + across // 5) % 2 * 251
    return np.repeat(shade[..., None], 3, axis=2).astype(np.uint8) if kind == "grey" else (shade[..., None] * colour).astype(np.uint8)


def test_what_rounding_cannot_change_is_not_doubted() -> None:
    """A picture of one colour has no gradient and no quality, however its averages are rounded; nor has one with a faint grain."""
    rng = np.random.default_rng(9)
    faint = (128 + rng.normal(0, 4, (700, 900, 3))).astype(np.uint8)
    for pixels in (np.full((300, 400, 3), 77, np.uint8), faint):
        assert pdq._quality_if_sure(sampled(pixels)) == 0 == reference(pixels).quality


def test_both_ways_to_blur_agree_but_for_rounding() -> None:
    for name, pixels in varied(51, most_side=400):
        assert np.abs(sampled(pixels) - step_by_step(pixels)).max() < 0.01, name


def test_doubt_is_noticed_where_rounding_decides() -> None:
    """A mirrored picture has frequencies that are zero but for rounding; a picture of clouds has none."""
    clouds = noise(np.random.default_rng(4), 300, 400, 25)
    mirrored = np.concatenate([clouds, clouds[:, ::-1]], axis=1)
    assert pdq._bits_if_sure(sampled(clouds)) is not None
    assert pdq._bits_if_sure(sampled(mirrored)) is None
    assert fingerprint(mirrored) == reference(mirrored)


@given(
    st.tuples(st.integers(5, 400), st.integers(5, 400)),
    st.sampled_from(["grain", "flat", "slope", "field", "grey"]),
    st.integers(1, 7),
    st.integers(0, 2**32 - 1),
)
@settings(deadline=None, max_examples=60)
def test_rounding_halves_with_the_values(sides: tuple[int, int], kind: str, times: int, seed: int) -> None:
    """All that is computed of a dark picture is exactly a share of that of a bright one, down to the last digit."""
    dark = _darker(_plain(np.random.default_rng(seed), *sides, kind), times)
    bright: Pixels = np.left_shift(dark, times, dtype=np.uint8)
    frequencies, of_bright = pdqhash.compute_float(dark)[0], pdqhash.compute_float(bright)[0]
    assert np.array_equal(frequencies * np.float32(2**times), of_bright)
    assert np.abs(sampled(dark) * 2**times - sampled(bright)).max() < 1e-9
    share = pdq._share_of_rounding(dark, sampled(dark))
    assert dark.max() / share <= 255
    assert fingerprint(dark) == reference(dark)


def _darker(pixels: Pixels, times: int) -> Pixels:
    """Halved so many times."""
    halved: Pixels = np.right_shift(pixels, times, dtype=np.uint8)
    return halved


def test_a_dark_picture_is_doubted_less() -> None:
    """The doubt goes where the two frequencies are further apart than dark pictures are rounded, and stays where they are not."""
    sure = 0
    for name, pixels in varied(102, most_side=300):
        for times in (2, 4, 6):
            dark = _darker(pixels, times)
            assert fingerprint(dark) == reference(dark), name
            blurred = sampled(dark)
            sure += pdq._so_far_sure(blurred, 1) is None and pdq._if_sure(dark) is not None
    assert sure > 20
    clouds = _darker(noise(np.random.default_rng(4), 300, 400, 25), 4)
    mirrored = np.concatenate([clouds, clouds[:, ::-1]], axis=1)
    assert pdq._if_sure(mirrored) is None


def test_only_what_is_dark_everywhere_is_dark() -> None:
    """One bright value, wherever it is and whatever its colour, takes the whole margin."""
    for place in ((0, 0, 2), (150, 200, 1), (299, 399, 0)):
        pixels = np.full((300, 400, 3), 3, np.uint8)
        assert pdq._share_of_rounding(pixels, sampled(pixels)) == 1 / 64
        pixels[place] = 128
        assert pdq._share_of_rounding(pixels, sampled(pixels)) == 1


def test_twelve_million_pixels() -> None:
    """Also step by step, which takes them in several portions."""
    pixels = noise(np.random.default_rng(5), 3000, 4000, 60)
    assert fingerprint(pixels) == reference(pixels)
    assert np.array_equal(pdq._frequencies(step_by_step(pixels)).ravel()[::-1], pdqhash.compute_float(pixels)[0])


def test_grey_is_the_colour_of_three_equal_channels() -> None:
    grey = noise(np.random.default_rng(6), 333, 257, 20)[..., 0]
    assert fingerprint(grey) == reference(np.repeat(grey[..., None], 3, axis=2))


@pytest.mark.parametrize(
    "sides",
    [(1, 1), (4, 900), (900, 4), (5, 5), (64, 64), (64, 65), (65, 64), (5, 3000), (20_000, 6), (90, 16_384), (90, 16_385), (40_000, 20)],
)
def test_sides_at_the_edge_of_sense(sides: tuple[int, int]) -> None:
    pixels = noise(np.random.default_rng(7), *sides, 3)
    assert fingerprint(pixels) == reference(pixels)


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 140), st.integers(1, 140), st.just(3)), fill=st.integers(0, 255)))
@settings(deadline=None, max_examples=60)
def test_any_pixels(pixels: Pixels) -> None:
    assert fingerprint(pixels) == reference(np.ascontiguousarray(pixels))
