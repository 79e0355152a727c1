"""Videos of any shots, ways of encoding and damage: nearly every shot of a second or longer is seen, and whatever is read ends in frames or a verdict."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.evidence.decoding.port import VIDEO, Limits
from grace.evidence.decoding.program.frames import make_frames
from grace.evidence.decoding.program.pictures import Unfit
from grace.evidence.decoding.program.sheets import make_sheet
from grace.evidence.decoding.program.videos import av
from grace.sdk.video import MOST_MILLISECONDS
from tests.support.films import film, scenes
from tests.support.shots import Recipe, Shot, shots_of, starts, written

pytestmark = pytest.mark.skipif(av is None, reason="needs PyAV")
UNMARKED = {"sc_threshold": "0", "preset": "veryfast"}
WAYS = (
    {"options": UNMARKED},
    {"options": {**UNMARKED, "x264-params": "open-gop=1"}, "gop": 100},
    {"options": UNMARKED, "gop": 50},
    {"options": UNMARKED, "rate": Fraction(30)},
    {"options": UNMARKED, "rate": Fraction(60)},
    {"options": UNMARKED, "rate": Fraction(24), "varies": True},
    {"codec": "mpeg4", "options": {"sc_threshold": "1000000000"}, "bit_rate": 400_000},
    {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}, "bit_rate": 300_000, "written_as": "webm"},
    {"codec": "mjpeg", "bit_rate": 2_000_000, "written_as": "avi"},
)


def test_nearly_every_shot_is_seen() -> None:
    """Of cuts, fades and dissolves, with no key picture at any of them."""
    of_all = seen = 0
    for number, way in enumerate(WAYS):
        shots = shots_of(np.random.default_rng(number), 6, ("cut", "cut", "mixed", "fade"), 1.0, 2.5)
        recipe = Recipe(shots, number, width=128, height=72, **way)  # type: ignore[arg-type]  # - a few ways to encode, as data
        taken = [moment for moment, _ in make_frames(written(recipe), 64, VIDEO).pictures]
        slack = 42 if recipe.varies else 0
        seen += sum(any(start <= moment < end + slack for moment in taken) for start, end in pairwise(starts(recipe)))
        of_all += len(shots)
    print(f"{seen} of {of_all} shots")
    assert seen >= 0.95 * of_all


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seconds=st.lists(st.sampled_from([1.0, 1.2, 1.7, 2.5]), min_size=2, max_size=4), seed=st.integers(0, 99))
def test_a_black_part_between_shots_is_seen(seconds: list[float], seed: int) -> None:
    """Pictures of it are small, and there is no key picture in it."""
    shots = (Shot(seconds[0]), Shot(1.2, kind="black"), *(Shot(each) for each in seconds[1:]))
    recipe = Recipe(shots, seed, width=128, height=72, options=UNMARKED)
    taken = [moment for moment, _ in make_frames(written(recipe), 32, VIDEO).pictures]
    start, end = starts(recipe)[1:3]
    assert any(start <= moment < end for moment in taken)


def test_whatever_is_done_to_a_video_there_is_a_verdict() -> None:
    """Bytes changed and cut: frames in order and within bounds, or an error that the decoding program tells."""
    chance = random.Random(5)
    wholes = [
        written(Recipe((Shot(1.0), Shot(1.0)), 1, width=64, height=48, gop=10, written_as=written_as))
        for written_as in ("mp4", "matroska", "mpegts")
    ]
    for number in range(90):
        broken = bytearray(wholes[number % 3])
        for _ in range(chance.choice((1, 4, 40))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        content = bytes(broken[: chance.choice((len(broken), chance.randrange(1, len(broken))))])
        for make in (make_frames, lambda content, side, limits: make_sheet(content, side, (500,), limits)):
            try:
                found = make(content, 32, Limits(seconds=10, cpu_seconds=10))
            except (Unfit, av.error.FFmpegError, ValueError, MemoryError):
                continue
            moments = found.moments if hasattr(found, "moments") else tuple(moment for moment, _ in found.pictures)
            assert moments
            assert list(moments) == sorted(moments)
            assert 0 <= moments[0] <= moments[-1] <= MOST_MILLISECONDS


def test_moments_that_are_nonsense_are_borne() -> None:
    """Every picture is shown for an hour; the whole ends where the form of a fingerprint ends."""
    content = film(scenes(3, 4, rate=2), 1, written_as="matroska", slower=3600)
    found = make_frames(content, 32, VIDEO)
    assert found.pictures
    assert found.end <= MOST_MILLISECONDS
