from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from grace.analysis.analysers.embedding.look import EVEN, LENGTH, ODD, look_at, without_frame
from grace.analysis.clusters.looks import SIZE
from grace.simulate.looks import Change, Look, change, show

SCENES = [show(Look.PHOTO, "embedding", number) for number in range(10)]


def read(image: object) -> tuple[np.ndarray, int]:
    value, quality = look_at(np.asarray(image))
    return np.frombuffer(value[: EVEN + ODD], np.int8).astype(int), quality


def alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(one[:EVEN] @ other[:EVEN] + abs(one[EVEN:] @ other[EVEN:])) / LENGTH**2


def test_a_mirror_image_has_the_same_numbers_but_for_signs() -> None:
    for scene in SCENES:
        one, other = read(scene)[0], read(np.asarray(scene)[:, ::-1])[0]
        assert abs(one[:EVEN] - other[:EVEN]).max() <= 1
        assert abs(one[EVEN:] + other[EVEN:]).max() <= 1


@pytest.mark.parametrize("how", [how for how in Change if how is not Change.CAPTIONED])
def test_what_was_changed_stays_alike(how: Change) -> None:
    found = [alike(read(scene)[0], read(change(scene, how, number))[0]) for number, scene in enumerate(SCENES)]
    assert min(found) > 0.5, found
    assert np.median(found) > (0.85 if how in (Change.CROPPED, Change.TURNED) else 0.9)


def test_other_scenes_are_not_alike() -> None:
    found = [alike(one, other) for (one, _), (other, _) in combinations(map(read, SCENES), 2)]
    assert max(found) < 0.65


def test_a_frame_is_cut_off_and_a_sky_is_not() -> None:
    pixels = np.asarray(SCENES[0])
    framed = np.pad(pixels, ((20, 30), (40, 40), (0, 0)), constant_values=255)
    assert abs(np.array(without_frame(framed).shape) - pixels.shape).max() <= 2
    assert without_frame(pixels).shape == pixels.shape


def test_quality_says_what_can_be_trusted() -> None:
    assert look_at(np.full((100, 100, 3), 90, np.uint8)) == (bytes(SIZE), 0)
    assert np.median([read(scene)[1] for scene in SCENES]) > 70
    assert np.median([read(show(Look.DOCUMENT, "embedding", number))[1] for number in range(7)]) < 50
