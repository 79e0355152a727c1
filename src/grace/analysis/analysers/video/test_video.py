"""Pictures of clouds, handed over as frames."""

from __future__ import annotations

import numpy as np
import pytest

from grace.analysis.analysers.video import ANALYSER, MOST_SHOTS
from grace.sdk.analysis import Film, Finding, Frames, Picture
from grace.sdk.testing import AnalyserContract, gradient

BLACK = Picture(64, 48, bytes(64 * 48 * 3))
FILM = Film("h264", 1080, 1920, 25.0, "aac")


def cloud(seed: int, light: float = 1.0, noise: int = 0) -> Picture:
    chance = np.random.default_rng(seed)
    coarse = chance.integers(0, 256, (6, 8, 3))
    pixels = np.kron(coarse, np.ones((8, 8, 1))) * light
    if noise:
        pixels = np.clip(pixels + np.random.default_rng(noise).normal(0, 30, pixels.shape), 0, 255)
    return Picture(64, 48, pixels.astype(np.uint8).tobytes())


def frames(*pictures: Picture, step: int = 1_000, film: Film | None = FILM) -> Frames:
    return Frames(tuple((number * step, picture) for number, picture in enumerate(pictures)), len(pictures) * step, film)


def told(subject: Frames, kind: str) -> list[tuple[str, str]]:
    return [(each.value, each.where) for each in ANALYSER.examine(subject) if isinstance(each, Finding) and each.kind == kind]


class TestVideo(AnalyserContract):
    analyser = ANALYSER
    subjects = (
        frames(cloud(1), cloud(2), BLACK, BLACK, cloud(3)),
        frames(cloud(1)),
        frames(Picture(1, 1, bytes(3)), film=None),
        frames(*(cloud(number % 7) for number in range(900))),
    )


def test_it_says_what_the_video_is() -> None:
    found = {each.kind: each for each in ANALYSER.examine(frames(cloud(1), cloud(1, 0.98))) if isinstance(each, Finding)}
    assert [found[f"video.{kind}"].value for kind in ("length", "size", "rate", "codec", "sound")] == [
        "2000",
        "1080 x 1920",
        "25.00",
        "h264",
        "aac",
    ]
    assert dict(found["video.length"].facts) == {"looked at": "2", "whole": "yes"}
    silent = frames(cloud(1), film=Film("vp9", 64, 48, 30.0, is_whole=False))
    assert told(silent, "video.sound") == [("none", "")]
    assert told(frames(gradient(), film=None), "video.codec") == []


def test_shots_end_where_other_forms_in_other_colours_begin() -> None:
    subject = frames(cloud(1), cloud(1, noise=5), cloud(2), cloud(2, 0.6), cloud(2, 0.3), cloud(3))
    assert told(subject, "video.shots") == [("3", "")]
    assert told(subject, "video.shot") == [("1", "span:0,2000"), ("2", "span:2000,5000"), ("3", "span:5000,6000")]


def test_black_is_no_shot() -> None:
    subject = frames(BLACK, cloud(1), BLACK, BLACK, cloud(2), BLACK)
    assert told(subject, "video.black") == [("1000", "span:0,1000"), ("2000", "span:2000,4000"), ("1000", "span:5000,6000")]
    assert told(subject, "video.shot") == [("1", "span:1000,2000"), ("2", "span:4000,5000")]
    assert told(frames(BLACK, BLACK), "video.shots") == [("0", "")]


def test_what_stands_is_told_where_it_lasts() -> None:
    subject = frames(cloud(1), cloud(2), cloud(2), cloud(2), cloud(3), cloud(3, noise=4))
    assert told(subject, "video.still") == [("3000", "span:1000,4000")]
    assert told(frames(BLACK, BLACK, BLACK), "video.still") == []


def test_of_many_shots_the_first_are_told_and_all_are_counted() -> None:
    subject = frames(*(cloud(number) for number in range(MOST_SHOTS + 40)))
    assert len(told(subject, "video.shot")) == MOST_SHOTS
    assert int(told(subject, "video.shots")[0][0]) > MOST_SHOTS


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="width x height"):
        ANALYSER.examine(Frames(((0, Picture(2, 2, b"")),), 40))
