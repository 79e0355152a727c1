"""Fingerprints of untrusted videos, by PyAV where the extra ``grace-platform[media]`` is installed.

The rule is vPDQ's (ThreatExchange, ``vpdq/cpp``): of the first video stream every n-th picture, n being the pictures of a
second rounded down; at full size, as it is stored, in RGB. And, lest a file hides pictures by a rate that it only states,
every picture that comes two seconds after the last one taken. What ends early or is damaged further on is fingerprinted
up to there, and says so, as does what has further video streams. Only the formats and codecs named here are tried,
whatever else FFmpeg could open: none of them opens another file or an address.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from grace.evidence.decoding.port import Limits, Reason
from grace.evidence.decoding.program.pdq import fingerprint
from grace.evidence.decoding.program.pictures import Unfit
from grace.sdk.video import MOST_MILLISECONDS, Frame, Video, merged

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpeg,mpegts,asf,ogg"
CODECS = (
    "h264,hevc,vp8,vp9,av1,libdav1d,mpeg4,mpeg1video,mpeg2video,h263,h263p,flv,wmv1,wmv2,wmv3,vc1,msmpeg4v1,msmpeg4v2,msmpeg4,"
    "theora,mjpeg,prores,dvvideo,svq1,svq3,cinepak,vp6,vp6f,png"
)
_HEADS = ((4, b"ftyp"), (4, b"moov"), (0, b"\x1aE\xdf\xa3"), (0, b"RIFF"), (0, b"FLV"), (0, b"\0\0\1"), (0, b"0&\xb2u"), (0, b"OggS"))
"""How the formats begin: what begins so and cannot be opened is damaged."""
MOST_FRAMES = 20_000
"""Five hours and a half. Each picture is looked up whenever the video is, so that more would make a page wait."""
_SHARE_OF_TIME = 0.8
"""Of the time allowed; then what was seen so far is told."""
_SLOWEST, _FASTEST = 0.001, 1000
_MOST_FAULTS = 1000
_MISSED = 2000
"""Milliseconds that may be missing at the end (sound often goes on a little longer), or between two pictures that are taken."""


def _loaded() -> Any:
    try:
        return import_module("av")
    except (ImportError, OSError):  # not installed, or its libraries cannot be loaded here
        return None


av: Any = _loaded()


def warm_up() -> None:
    """Load what decoding needs, also what is loaded only at its first use: later the process can open no file."""
    if av is not None:
        make_video(sample(3), Limits())


def sample(pictures: int) -> bytes:
    """A grey video of 30 pictures a second."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="matroska") as container:
        track = container.add_stream("mpeg4", rate=30, options={"threads": "1"})
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for _ in range(pictures):
            container.mux(track.encode(av.VideoFrame(64, 48, "yuv420p")))
        container.mux(track.encode())
    return stream.getvalue()


def make_video(content: bytes, limits: Limits) -> tuple[Video, tuple[int, int]]:
    """The video's pictures, and width and height. Raises :class:`Unfit`, and whatever PyAV raises for a damaged file."""
    if av is None:
        raise Unfit(Reason.EXTRA)
    if not content:
        raise Unfit(Reason.EMPTY)
    watch = Watch(limits)
    with opened(content) as container:
        stream, *further = streams(container)
        if stream.width * stream.height > limits.most_pixels:
            raise Unfit(Reason.PIXELS)
        prepare(stream, limits)
        frames, end = _seen(stream, _pictures(container, stream, watch))
        if not frames or not stream.width * stream.height:
            raise Unfit(Reason.TIME if watch.is_over() else Reason.DAMAGED)
        cut = further or watch.faults or watch.is_over() or len(frames) == MOST_FRAMES or end + _MISSED < length(container, stream)
        return Video(merged(frames), end, is_whole=not cut), (stream.width, stream.height)


class Watch:
    """What may cut the looking short: a share of the time for one file over, a piece that cannot be decoded."""

    def __init__(self, limits: Limits, share: float = _SHARE_OF_TIME) -> None:
        self._clock = time.monotonic() + limits.seconds * share
        self._processor = time.process_time() + limits.cpu_seconds * share
        self.faults = 0

    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self._clock or time.process_time() > self._processor


def opened(content: bytes) -> Any:
    """The file, for reading. Raises :class:`Unfit` for what is none of the formats."""
    options = {"format_whitelist": FORMATS, "codec_whitelist": CODECS}
    try:
        return av.open(io.BytesIO(content), "r", container_options=options)
    except (av.error.InvalidDataError, av.error.ArgumentError):
        begins = any(content.startswith(head, at) for at, head in _HEADS)
        raise Unfit(Reason.DAMAGED if begins else Reason.FORMAT) from None


def streams(container: Any) -> list[Any]:
    """The video streams, of which the first can be decoded; a cover that is attached to them is none."""
    streams = [each for each in container.streams.video if not each.disposition & av.stream.Disposition.attached_pic]
    context = streams[0].codec_context if streams else None
    if context is None or context.codec.name not in CODECS.split(","):
        raise Unfit(Reason.FORMAT)
    return streams


def prepare(stream: Any, limits: Limits, **options: str) -> None:
    """Let the stream's decoder use one thread, and refuse larger pictures than allowed."""
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(limits.most_pixels), "codec_whitelist": CODECS, **options}


def _pictures(container: Any, stream: Any, watch: Watch) -> Iterator[Any]:
    """The decoded pictures; a piece that cannot be decoded is left out and counted."""
    pieces = container.demux(stream)
    while not watch.is_over():
        try:
            pictures = next(pieces).decode()
        except StopIteration:
            return
        except av.error.FFmpegError:
            watch.faults += 1
            if watch.faults > _MOST_FAULTS:
                return
            continue
        yield from pictures


def _seen(stream: Any, pictures: Iterator[Any]) -> tuple[list[Frame], int]:
    """The prints of the pictures taken and when each was shown, and when the last of all pictures ended."""
    a_second = rate(stream)
    step = max(1, int(a_second))
    first = float((stream.start_time or 0) * stream.time_base)
    frames: list[Frame] = []
    start = end = 0
    for number, picture in enumerate(pictures):
        moment = number / a_second if picture.time is None else picture.time - first
        start = min(max(start, round(moment * 1000)), MOST_MILLISECONDS)
        end = min(start + round(1000 / a_second), MOST_MILLISECONDS)
        if number % step == 0 or start - frames[-1].start >= _MISSED:
            found = fingerprint(picture.to_ndarray(format="rgb24"))
            frames.append(Frame(start, found.quality, found.value))
            if len(frames) == MOST_FRAMES:
                break
    return frames, end


def length(container: Any, stream: Any) -> int:
    """How long the video says it is, in milliseconds; 0 where it says nothing."""
    seconds = stream.duration * stream.time_base if stream.duration else (container.duration or 0) / 1_000_000
    return round(seconds * 1000)


def rate(stream: Any) -> float:
    """Pictures a second as the file says; one that says nothing, or nonsense, is taken to have 25."""
    said = float(stream.average_rate or stream.base_rate or 0)
    return said if _SLOWEST <= said <= _FASTEST else 25.0
