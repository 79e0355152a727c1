"""PDQ and vPDQ against ThreatExchange's own pictures and videos, in place where the shared folder is at hand (SHARED_FOLDER, or ../shared)."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Printed
from grace.sdk.video import unpack

SHARED = Path(os.environ.get("SHARED_FOLDER", Path(__file__).parents[3].parent / "shared")) / "data" / "pdq"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(1)
    yield made
    made.close()


def test_agrees_bit_for_bit_with_the_reference(pool: Pool) -> None:
    if not (SHARED / "expected.csv").exists():
        pytest.skip(f"no test pictures at {SHARED}")
    compared = 0
    with (SHARED / "expected.csv").open(newline="") as lines:
        for name, _, expected, quality, *_ in list(csv.reader(lines))[1:]:
            with (SHARED / name).open("rb") as stream:
                printed = pool.fingerprint(stream)
            assert isinstance(printed, Printed), name
            assert (printed.fingerprint.value.hex(), printed.fingerprint.quality) == (expected, int(quality)), name
            compared += 1
    assert compared == 26


@pytest.mark.parametrize("name", ["pattern-sd-grey-bar", "test-padded-dimensions"])
def test_agrees_with_the_published_hashes_of_videos(pool: Pool, name: str) -> None:
    """Those were made by another decoder, of every picture; six bits are what vPDQ's own program differs by."""
    pytest.importorskip("av")
    if not (SHARED / "vpdq").exists():
        pytest.skip(f"no test videos at {SHARED}")
    lines = [line.split(",") for line in (SHARED / "vpdq" / f"{name}.txt").read_text().split()]
    expected = {int(number): (int(value, 16), int(quality), float(time)) for number, quality, value, time in lines}
    with (SHARED / "vpdq" / f"{name}.mp4").open("rb") as stream:
        printed = pool.fingerprint_video(stream)
    assert isinstance(printed, Printed)
    video = unpack(printed.fingerprint.value)
    assert video.is_whole
    assert len(video.frames) == -(-len(expected) // 30)
    for number, frame in zip(range(0, len(expected), 30), video.frames, strict=True):
        value, quality, time = expected[number]
        assert (value ^ int.from_bytes(frame.value, "big")).bit_count() <= 6
        assert frame.quality == quality
        assert frame.start == pytest.approx(time * 1000, abs=1)
