from __future__ import annotations

import pytest

from grace.matching.videos import Overlap
from grace.sdk.video import Frame, Video, pack
from grace.web import videos


@pytest.mark.parametrize(("milliseconds", "told"), [(0, "0:00"), (7_999, "0:07"), (61_000, "1:01"), (3_723_000, "1:02:03")])
def test_a_time_in_a_video(milliseconds: int, told: str) -> None:
    assert videos.clock(milliseconds) == told


def test_what_is_shared() -> None:
    spans = tuple((start, start + 4000) for start in range(10_000, 70_000, 10_000))
    told = videos.overlap(Overlap("any", 12.4, 99.9, 3, spans))
    assert told == "12 % of this video, 100 % of what is listed, at 0:10-0:14, 0:20-0:24, 0:30-0:34, 0:40-0:44, …"
    assert videos.overlap(None) == ""


def test_what_was_looked_at() -> None:
    frames = tuple(Frame(1000 * number, 90, bytes([number]) * 32) for number in range(3))
    assert videos.looked_at(pack(Video(frames, 3000)).value) == "3 pictures in 0:03"
    assert videos.looked_at(pack(Video(frames[:1], 1000, is_whole=False)).value) == "1 picture up to 0:01; not all of it was looked at"
