"""Shares and spans of videos, against vPDQ's own algorithm written down plainly: every picture with every picture."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from grace.matching.videos import BRIDGED, LEAST_QUALITY, Near, Overlap, Rule, overlaps, pictures_of
from grace.sdk.video import Frame, Video

DISTANCE = 31
ANY = (Rule(0, 0),)

# Few centres and few flips: values that are near, far, and the same turn up together.
_CENTRES = [bytes([number * 37 % 256]) * 32 for number in range(5)]


def _flip(value: bytes, bits: int) -> bytes:
    return (int.from_bytes(value, "big") ^ ((1 << bits) - 1)).to_bytes(32, "big")


VALUES = st.builds(_flip, st.sampled_from(_CENTRES), st.integers(0, 40))
FRAMES = st.lists(st.builds(Frame, st.integers(0, 60_000), st.sampled_from([0, 49, 50, 100]), VALUES), min_size=1, max_size=25)
FILMS = st.builds(
    lambda frames, rest: Video(tuple(sorted(frames, key=lambda each: each.start)), max(each.start for each in frames) + rest),
    FRAMES,
    st.integers(0, 5000),
)


def _apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def _found(asked: Video, listed: list[Video]) -> tuple[dict[bytes, list[Near[int]]], dict[int, int]]:
    """What an exact index would find."""
    pictures = [list(pictures_of(each)) for each in listed]
    near = {
        value: [
            Near(video, picture, _apart(value, other))
            for video, some in enumerate(pictures)
            for picture, other in enumerate(some)
            if _apart(value, other) <= DISTANCE
        ]
        for value in pictures_of(asked)
    }
    return near, {video: len(some) for video, some in enumerate(pictures)}


def _vpdq(asked: Video, listed: Video) -> tuple[float, float]:
    """The shares by the README of vPDQ."""
    ours, theirs = ({frame.value for frame in video.frames if frame.quality >= LEAST_QUALITY} for video in (asked, listed))
    if not ours or not theirs:
        return 0, 0
    ours_near = sum(any(_apart(one, other) <= DISTANCE for other in theirs) for one in ours)
    theirs_near = sum(any(_apart(one, other) <= DISTANCE for other in ours) for one in theirs)
    return 100 * ours_near / len(ours), 100 * theirs_near / len(theirs)


@given(asked=FILMS, listed=st.lists(FILMS, max_size=4))
@settings(deadline=None)
def test_the_shares_are_vpdqs(asked: Video, listed: list[Video]) -> None:
    told = {each.video: (each.asked_share, each.listed_share) for each in overlaps(asked, *_found(asked, listed), ANY)}
    expected = {number: _vpdq(asked, each) for number, each in enumerate(listed)}
    assert told == {number: shares for number, shares in expected.items() if shares[0]}


@given(asked=FILMS, listed=st.lists(FILMS, max_size=4), least=st.tuples(st.floats(0, 100), st.floats(0, 100)))
@settings(deadline=None)
def test_a_rule_keeps_what_reaches_both_of_its_shares(asked: Video, listed: list[Video], least: tuple[float, float]) -> None:
    near, sizes = _found(asked, listed)
    everything = overlaps(asked, near, sizes, ANY)
    kept = overlaps(asked, near, sizes, [Rule(*least)])
    assert kept == [each for each in everything if each.asked_share >= least[0] and each.listed_share >= least[1]]
    assert overlaps(asked, near, sizes, []) == []


@given(asked=FILMS, listed=st.lists(FILMS, min_size=1, max_size=4))
@settings(deadline=None)
def test_spans_cover_the_pictures_that_match_and_little_else(asked: Video, listed: list[Video]) -> None:
    near, sizes = _found(asked, listed)
    for each in overlaps(asked, near, sizes, ANY):
        matching = {value for value, some in near.items() if any(one.video == each.video for one in some)}
        shown = [(start, end) for start, end, frame in asked.spans() if frame.value in matching]
        assert all(any(start <= one and other <= end for start, end in each.spans) for one, other in shown)
        assert {start for start, _ in each.spans} <= {start for start, _ in shown}
        assert {end for _, end in each.spans} <= {end for _, end in shown}
        assert all(later[0] - earlier[1] > BRIDGED for earlier, later in zip(each.spans, each.spans[1:], strict=False))


@given(video=FILMS)
def test_a_video_is_wholly_itself(video: Video) -> None:
    found = overlaps(video, *_found(video, [video]))
    good = pictures_of(video)
    assert [(each.asked_share, each.listed_share, each.distance) for each in found] == ([(100, 100, 0)] if good else [])


def test_a_listed_clip_in_a_longer_video_tells_when() -> None:
    """Ten seconds of strange pictures, a listed clip of three with a black picture in it, ten more, and its beginning again."""
    strange = [bytes([200 + number]) * 16 + bytes([number]) * 16 for number in range(20)]
    clip = [bytes([number]) * 16 + bytes([90 + number]) * 16 for number in (1, 2, 4)]
    shown = [*strange[:10], clip[0], None, clip[1], clip[2], *strange[10:], clip[0]]
    frames = tuple(Frame(1000 * number, 0 if value is None else 90, value or bytes(32)) for number, value in enumerate(shown))
    near: dict[bytes, list[Near[str]]] = {value: [Near("clip", number, 3)] for number, value in enumerate(clip)}
    (found,) = overlaps(Video(frames, 25_000), near, {"clip": 3})
    assert found == Overlap("clip", 100 * 3 / 23, 100, 3, ((10_000, 14_000), (24_000, 25_000)))


def test_pictures_of_too_little_detail_are_not_asked_for() -> None:
    frames = (Frame(0, 49, bytes(32)), Frame(1000, 50, b"\1" * 32), Frame(2000, 90, b"\1" * 32))
    video = Video(frames, 3000)
    assert pictures_of(video) == {b"\1" * 32: 90}
    assert overlaps(video, {bytes(32): [Near("any", 0, 0)]}, {"any": 1}) == []
