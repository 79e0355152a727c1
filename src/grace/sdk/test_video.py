from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.sdk.video import Frame, Video, merged, pack, unpack

VALUES = st.binary(min_size=32, max_size=32)
FRAMES = st.lists(st.builds(Frame, st.integers(0, 10**9), st.integers(0, 100), VALUES), min_size=1, max_size=20).map(
    lambda frames: sorted(frames, key=lambda frame: frame.start)
)


@given(frames=FRAMES, rest=st.integers(0, 10**6), whole=st.booleans())
def test_what_is_packed_comes_out_again(frames: list[Frame], rest: int, whole: bool) -> None:
    video = Video(tuple(frames), frames[-1].start + rest, whole)
    packed = pack(video)
    assert unpack(packed.value) == video
    assert packed.quality == max(frame.quality for frame in frames)
    assert [start for start, _, _ in video.spans()] == [frame.start for frame in frames]
    assert all(start <= end for start, end, _ in video.spans())


@given(st.binary(max_size=120))
def test_any_bytes_are_a_video_or_refused(value: bytes) -> None:
    try:
        video = unpack(value)
    except ValueError:
        return
    assert pack(video).value == value


@pytest.mark.parametrize(
    "video",
    [
        Video((), 0),
        Video((Frame(5, 50, bytes(32)),), 4),
        Video((Frame(5, 50, bytes(32)), Frame(4, 50, bytes(32))), 9),
        Video((Frame(0, 101, bytes(32)),), 9),
        Video((Frame(0, 50, bytes(31)),), 9),
        Video((Frame(-1, 50, bytes(32)),), 9),
        Video((Frame(0, 50, bytes(32)),), 2**32),
    ],
)
def test_nonsense_is_not_packed(video: Video) -> None:
    with pytest.raises(ValueError, match=r"a (video|picture) has"):
        pack(video)


def test_a_picture_that_stands_is_told_once() -> None:
    still, other = bytes(32), b"\1" * 32
    frames = [Frame(0, 60, still), Frame(1000, 60, still), Frame(2000, 60, other), Frame(3000, 60, still)]
    assert merged(frames) == (frames[0], frames[2], frames[3])
    assert merged([]) == ()
