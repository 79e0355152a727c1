from __future__ import annotations

import io
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from grace.evidence.decoding.port import VIDEO, Limits, Reason
from grace.evidence.decoding.program import videos
from grace.evidence.decoding.program.pdq import fingerprint
from grace.evidence.decoding.program.pictures import Unfit
from grace.evidence.decoding.program.videos import make_video
from tests.support.films import film, in_two_streams, scenes, sound

av: Any = pytest.importorskip("av")


def _prints(content: bytes) -> list[tuple[float, bytes, int]]:
    with av.open(io.BytesIO(content)) as container:
        pictures = [(each.time or 0.0, fingerprint(each.to_ndarray(format="rgb24"))) for each in container.decode(video=0)]
    return [(time, found.value, found.quality) for time, found in pictures]


def _refused(content: bytes, limits: Limits = VIDEO) -> Reason:
    with pytest.raises(Unfit) as unfit:
        make_video(content, limits)
    return unfit.value.reason


@pytest.mark.parametrize(
    ("codec", "written_as"),
    [
        ("mpeg4", "mp4"),
        ("mpeg4", "mov"),
        ("mpeg4", "matroska"),
        ("mpeg4", "avi"),
        ("libvpx", "webm"),
        ("flv", "flv"),
        ("mpeg2video", "mpegts"),
        ("wmv2", "asf"),
        ("mjpeg", "avi"),
        ("libsvtav1", "mp4"),
    ],
)
def test_a_picture_a_second(codec: str, written_as: str) -> None:
    content = film(scenes(1, 4, 25), 25, codec, written_as)
    video, size = make_video(content, VIDEO)
    assert size == (128, 96)
    assert video.is_whole
    assert [(frame.value, frame.quality) for frame in video.frames] == [print_[1:] for print_ in _prints(content)[::25]]
    assert [round(frame.start / 1000) for frame in video.frames] == [0, 1, 2, 3]
    assert video.end == pytest.approx(4000, abs=60)


def test_every_nth_picture_where_a_second_has_no_whole_number_of_them() -> None:
    content = film(scenes(2, 3, 30), Fraction(30_000, 1001))
    video, _ = make_video(content, VIDEO)
    assert [frame.value for frame in video.frames] == [value for _, value, _ in _prints(content)[::29]]


def test_a_rate_that_is_only_stated_hides_no_pictures() -> None:
    """A hundred pictures a second, says the file, and shows each for a whole second: the hundredth would be the first one taken."""
    content = film(scenes(10, 12, rate=1), 100, written_as="matroska", slower=100)
    video, _ = make_video(content, VIDEO)
    assert video.is_whole
    assert [frame.start for frame in video.frames] == [0, 2000, 4000, 6000, 8000, 10_000]


def test_a_second_stream_of_pictures_is_told_and_a_cover_is_none() -> None:
    other = next(scenes(12, 1))
    covered, _ = make_video(in_two_streams(scenes(11, 3), other, is_cover=True), VIDEO)
    assert covered.is_whole
    assert [frame.start for frame in covered.frames] == [0, 1000, 2000]
    twofold, _ = make_video(in_two_streams(scenes(11, 3), other, is_cover=False), VIDEO)
    assert not twofold.is_whole


def test_a_picture_that_stands_is_told_once() -> None:
    video, _ = make_video(film([next(scenes(3, 1))] * 60), VIDEO)
    assert len(video.frames) == 1 or len({frame.value for frame in video.frames}) == len(video.frames)
    assert video.end == 6000


def test_what_breaks_off_is_kept_so_far() -> None:
    content = film(scenes(4, 8), written_as="matroska")
    whole, _ = make_video(content, VIDEO)
    part, _ = make_video(content[: len(content) // 2], VIDEO)
    assert whole.is_whole
    assert 1 <= len(part.frames) < len(whole.frames)
    assert part.frames == whole.frames[: len(part.frames)]


def test_a_piece_that_cannot_be_decoded_is_left_out_and_told() -> None:
    content = bytearray(film(scenes(5, 12), codec="mjpeg", written_as="avi"))
    middle = len(content) // 2
    content[middle : middle + len(content) // 4] = bytes(len(content) // 4)
    video, _ = make_video(bytes(content), VIDEO)
    assert not video.is_whole
    assert 6 <= len(video.frames) < 12


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"no video at all", Reason.FORMAT),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", Reason.FORMAT),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", Reason.FORMAT),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n", Reason.FORMAT),
        (b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>", Reason.FORMAT),
    ],
)
def test_what_is_no_video_or_leads_elsewhere(content: bytes, reason: Reason) -> None:
    assert _refused(content) is reason


def test_what_was_a_video_once_is_damaged() -> None:
    """The table of an MP4 stands at its end: without it there is nothing to be read."""
    content = film(scenes(8, 3))
    assert _refused(content[: len(content) // 2]) is Reason.DAMAGED


def test_a_codec_that_is_not_named_is_not_tried() -> None:
    assert _refused(film(scenes(9, 1), codec="ffv1", written_as="matroska")) is Reason.FORMAT


def test_sound_alone_has_no_pictures() -> None:
    assert _refused(sound()) is Reason.FORMAT


def test_limits() -> None:
    content = film(scenes(6, 12))
    assert _refused(content, Limits(most_pixels=128 * 96 - 1)) is Reason.PIXELS
    assert _refused(content, Limits(seconds=0)) is Reason.TIME


def test_what_takes_too_long_is_kept_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count()
    monkeypatch.setattr(videos.Watch, "is_over", lambda _: next(ticks) > 45)
    video, _ = make_video(film(scenes(6, 12)), VIDEO)
    assert not video.is_whole
    assert [frame.start for frame in video.frames] == [0, 1000, 2000, 3000, 4000]


def test_a_video_of_too_many_pictures_is_kept_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(videos, "MOST_FRAMES", 3)
    video, _ = make_video(film(scenes(7, 5)), VIDEO)
    assert not video.is_whole
    assert [frame.start for frame in video.frames] == [0, 1000, 2000]


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(videos, "av", None)
    videos.warm_up()
    assert _refused(b"anything") is Reason.EXTRA


def test_libraries_that_cannot_be_loaded_are_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(videos, "import_module", fail)
    assert videos._loaded() is None
