"""Frames and contact sheets of videos with known shots, of damaged ones, and of what is none."""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PIL import Image

from grace.evidence.decoding.port import VIDEO, Limits, Reason
from grace.evidence.decoding.program import frames, sheets
from grace.evidence.decoding.program.frames import make_frames
from grace.evidence.decoding.program.pictures import Unfit
from grace.evidence.decoding.program.sheets import make_sheet
from grace.evidence.decoding.program.videos import Watch
from grace.sdk.analysis import Frames, Picture
from tests.support.films import film, in_two_streams, scenes, sound
from tests.support.shots import Recipe, Shot, starts, written

av: Any = pytest.importorskip("av")
UNMARKED = {"sc_threshold": "0"}
SHOTS = (Shot(1.4), Shot(1.2), Shot(1.6), Shot(1.0), Shot(1.3))


def seen(found: Frames, recipe: Recipe) -> list[bool]:
    """Of each shot whether a picture of it was taken."""
    bounds = starts(recipe)
    moments = [moment for moment, _ in found.pictures]
    return [any(start <= moment < end for moment in moments) for start, end in pairwise(bounds)]


def pixels(picture: Picture) -> np.ndarray:
    return np.frombuffer(picture.rgb, np.uint8).reshape(picture.height, picture.width, 3).astype(int)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(SHOTS, 1, options=UNMARKED),
        Recipe(SHOTS, 2, gop=25),
        Recipe(SHOTS, 3, rate=Fraction(60), options=UNMARKED),
        Recipe(SHOTS, 4, rate=Fraction(24), varies=True, options=UNMARKED, gop=48),
        Recipe(SHOTS, 5, codec="mpeg4", options={"sc_threshold": "1000000000"}, bit_rate=600_000),
        Recipe(SHOTS, 6, codec="libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"}, bit_rate=400_000, written_as="webm"),
        Recipe(SHOTS, 7, codec="mjpeg", bit_rate=3_000_000, written_as="avi"),
        Recipe(SHOTS, 8, options={**UNMARKED, "x264-params": "open-gop=1"}, gop=60, written_as="matroska"),
    ],
    ids=["no key at cuts", "short groups", "60 a second", "varying", "mpeg4", "vp9", "mjpeg", "open groups"],
)
def test_every_shot_is_seen_and_each_picture_is_that_of_its_moment(recipe: Recipe) -> None:
    content = written(recipe)
    found = make_frames(content, 96, VIDEO)
    assert all(seen(found, recipe))
    assert found.end == pytest.approx(starts(recipe)[-1], abs=90)
    with av.open(io.BytesIO(content)) as container:
        first = float((container.streams.video[0].start_time or 0) * container.streams.video[0].time_base)
        true = {round(1000 * (each.time - first)): each for each in container.decode(video=0)}
    for moment, picture in found.pictures:
        frame = true[min(true, key=lambda each: abs(each - moment))]
        whole = frame.reformat(width=picture.width, height=picture.height, format="rgb24", interpolation="AREA").to_ndarray()
        assert np.abs(whole.astype(int) - pixels(picture)).mean() < 4


def test_it_tells_what_the_video_is() -> None:
    found = make_frames(written(Recipe(SHOTS[:2], 1)), 64, VIDEO)
    assert found.film is not None
    assert (found.film.codec, found.film.width, found.film.height, found.film.sound, found.film.is_whole) == ("h264", 192, 108, "", True)
    assert found.film.rate == pytest.approx(25, abs=0.5)
    assert {(each.width, each.height) for _, each in found.pictures} == {(64, 36)}


def test_the_same_bytes_give_the_same_frames() -> None:
    content = written(Recipe(SHOTS, 1, options=UNMARKED))
    assert make_frames(content, 64, VIDEO) == make_frames(content, 64, VIDEO)


def test_a_telephone_held_upright() -> None:
    """The matrix of the track turns it by a quarter."""
    stored = written(Recipe(SHOTS[:1], 1))  # once: the encoder does not write the same twice
    content = bytearray(stored)
    at = content.index(b"tkhd") + 4 + 40
    content[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 108 << 16, 0, 1 << 30)
    turned, plain = make_frames(bytes(content), 64, VIDEO), make_frames(stored, 64, VIDEO)
    assert turned.film is not None
    assert (turned.film.width, turned.film.height) == (108, 192)
    clockwise = np.rot90(pixels(plain.pictures[0][1]), -1)
    assert (clockwise == pixels(turned.pictures[0][1])).all()


@pytest.mark.parametrize(("codec", "written_as"), [("libx264", "matroska"), ("libx264", "mpegts"), ("mpeg4", "avi")])
def test_what_breaks_off_is_seen_up_to_there(codec: str, written_as: str) -> None:
    content = written(Recipe(SHOTS, 1, codec=codec, written_as=written_as, gop=25))
    part = make_frames(content[: len(content) // 2], 64, VIDEO)
    whole = make_frames(content, 64, VIDEO)
    assert 0 < len(part.pictures) < len(whole.pictures)
    assert part.end < whole.end


def test_noise_in_the_middle_gives_the_rest_or_an_error_of_the_library() -> None:
    whole, chance = written(Recipe(SHOTS, 1, gop=25, written_as="matroska")), np.random.default_rng(3)
    for _ in range(12):
        broken = bytearray(whole[: int(chance.integers(200, len(whole)))])
        at = int(chance.integers(0, len(broken)))
        broken[at : at + 60] = chance.bytes(min(60, len(broken) - at))
        try:
            found = make_frames(bytes(broken), 32, VIDEO)
        except (Unfit, av.error.FFmpegError):
            continue
        assert found.pictures
        assert [moment for moment, _ in found.pictures] == sorted(moment for moment, _ in found.pictures)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"no video at all", Reason.FORMAT),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", Reason.FORMAT),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", Reason.FORMAT),
    ],
)
def test_what_is_no_video_or_leads_elsewhere(content: bytes, reason: Reason) -> None:
    for make in (lambda: make_frames(content, 64, VIDEO), lambda: make_sheet(content, 64, (), VIDEO)):
        with pytest.raises(Unfit) as unfit:
            make()
        assert unfit.value.reason is reason


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    content = film(scenes(6, 6))
    for limits, reason in ((Limits(most_pixels=128 * 96 - 1), Reason.PIXELS), (Limits(seconds=0), Reason.TIME)):
        with pytest.raises(Unfit) as unfit:
            make_frames(content, 64, limits)
        assert unfit.value.reason is reason
    with pytest.raises(Unfit):
        make_frames(sound(), 64, VIDEO)
    monkeypatch.setattr(frames, "MOST_BYTES", 3 * 128 * 96 * 2)
    few = make_frames(content, 128, VIDEO)
    assert len(few.pictures) == 2
    assert few.film is not None
    assert not few.film.is_whole


def test_of_a_video_without_end_the_beginning_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MOST_PACKETS", 30)
    found = make_frames(film(scenes(6, 6)), 64, VIDEO)
    assert found.end == 3000
    assert found.film is not None
    assert not found.film.is_whole


def test_what_takes_too_long_is_kept_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    content, calls = written(Recipe(SHOTS, 1, gop=25)), iter(range(10_000))
    packets = len(frames.survey(content, VIDEO, Watch(VIDEO)).packets.moments)
    monkeypatch.setattr(Watch, "is_over", lambda _: next(calls) > packets + 2)
    found = make_frames(content, 64, VIDEO)
    assert 0 < len(found.pictures) < 5
    assert found.film is not None
    assert not found.film.is_whole


def test_a_cover_is_not_the_video() -> None:
    other = next(scenes(12, 1))
    found = make_frames(in_two_streams(scenes(11, 3), other, is_cover=True), 64, VIDEO)
    assert found.film is not None
    assert found.film.codec == "mpeg4"


def test_a_sheet_shows_a_picture_of_each_moment_asked_for() -> None:
    recipe = Recipe(SHOTS, 1, options=UNMARKED)
    content = written(recipe)
    all_of_it = make_frames(content, 64, VIDEO)
    asked = [moment for moment, _ in all_of_it.pictures][1:4]
    sheet = make_sheet(content, 400, asked, VIDEO)
    assert list(sheet.moments) == asked
    assert max(sheet.width, sheet.height) <= 400
    with Image.open(io.BytesIO(sheet.jpeg)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (sheet.width, sheet.height), {})
    evenly = make_sheet(content, 400, (), VIDEO)
    assert set(evenly.moments) <= {moment for moment, _ in all_of_it.pictures}


def test_a_sheet_has_so_many_pictures_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    content = film(scenes(3, 30, rate=10), codec="mjpeg", written_as="avi")
    assert len(make_sheet(content, 300, (), VIDEO).moments) <= sheets.MOST_SHOWN
    assert make_sheet(content, 300, (10**12, -5), VIDEO).moments[0] == 0
    monkeypatch.setattr(sheets, "MOST_SHOWN", 3)
    assert len(make_sheet(content, 300, (), VIDEO).moments) == 3
