"""PDQ against ThreatExchange's own pictures, read in place where the shared folder is at hand (SHARED_FOLDER, or ../shared)."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Printed

SHARED = Path(os.environ.get("SHARED_FOLDER", Path(__file__).parents[3].parent / "shared")) / "data" / "pdq"
SEEN_OTHERWISE = {
    "images/I16.png": "16 bits: theirs turns all above 255 white, ours keeps the upper 8 bits",
    "images/LA.png": "transparency: theirs drops it, ours lays it over white, as a viewer shows it",
}


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
            agrees = (printed.fingerprint.value.hex(), printed.fingerprint.quality) == (expected, int(quality))
            assert agrees != (name in SEEN_OTHERWISE), name
            compared += 1
    assert compared == 26
