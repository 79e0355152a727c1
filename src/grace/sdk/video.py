"""What a video looks like, picture by picture: a fingerprint of the algorithm ``vpdq`` and what stands in it.

vPDQ (ThreatExchange) hashes about one picture a second with PDQ. Here the pictures are kept with the moment from which
each is shown; one that is the same as the one before it is not told again.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from grace.sdk.analysis import Fingerprint

ALGORITHM = "vpdq"
PDQ_BYTES = 32
_HEAD = struct.Struct(">BBI")
_FRAME = struct.Struct(f">IB{PDQ_BYTES}s")
_FORM = 1
MOST_MILLISECONDS = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of a video, shown from ``start`` (milliseconds from the beginning) until the next one; PDQ in raw bytes."""

    start: int
    quality: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Video:
    """The pictures in order of time, and where the last of them ends; ``is_whole`` is false where the video has more pictures than these speak for."""

    frames: tuple[Frame, ...]
    end: int
    is_whole: bool = True

    def spans(self) -> list[tuple[int, int, Frame]]:
        """Each picture with its start and end."""
        ends = [*(frame.start for frame in self.frames[1:]), self.end]
        return [(frame.start, end, frame) for frame, end in zip(self.frames, ends, strict=True)]


def merged(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """Without those that only repeat the picture before them."""
    return tuple(frames[:1]) + tuple(later for earlier, later in pairwise(frames) if later.value != earlier.value)


def pack(video: Video) -> Fingerprint:
    """The video as one fingerprint; its quality is that of its best picture. Raises ``ValueError`` for one without pictures or sense."""
    _check(video)
    head = _HEAD.pack(_FORM, video.is_whole, video.end)
    body = b"".join(_FRAME.pack(frame.start, frame.quality, frame.value) for frame in video.frames)
    return Fingerprint(ALGORITHM, head + body, max(frame.quality for frame in video.frames))


def unpack(value: bytes) -> Video:
    """The video in a fingerprint's value. Raises ``ValueError`` where it is none."""
    if len(value) < _HEAD.size or (len(value) - _HEAD.size) % _FRAME.size:
        raise ValueError("not the length of a vPDQ fingerprint")
    form, whole, end = _HEAD.unpack_from(value)
    if form != _FORM or whole > 1:
        raise ValueError("not a form of vPDQ fingerprint that is known here")
    video = Video(tuple(Frame(*each) for each in _FRAME.iter_unpack(value[_HEAD.size :])), end, bool(whole))
    _check(video)
    return video


def _check(video: Video) -> None:
    starts = [*(frame.start for frame in video.frames), video.end]
    if not video.frames or starts[0] < 0 or starts[-1] > MOST_MILLISECONDS or any(later < earlier for earlier, later in pairwise(starts)):
        raise ValueError("a video has pictures, in order of time")
    if any(len(frame.value) != PDQ_BYTES or not 0 <= frame.quality <= 100 for frame in video.frames):
        raise ValueError("a picture has a PDQ of 32 bytes and a quality of 0 to 100")
