"""Videos that show nobody: shapes that move over clouds of colour, written by PyAV's own free encoders."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tests.support.pictures import Pixels, noise


def film(pictures: Iterable[Pixels], rate: int | Fraction = 10, codec: str = "mpeg4", written_as: str = "mp4", slower: int = 1) -> bytes:
    """The pictures as a video that says to have that many a second; skips the test where PyAV is not installed.

    Where it is ``slower``, each is shown that many times as long as the rate would have it.
    """
    av: Any = pytest.importorskip("av")
    stream = io.BytesIO()
    with av.open(stream, "w", format=written_as) as container:
        track = container.add_stream(codec, rate=rate, options={"threads": "1"})
        for number, pixels in enumerate(pictures):
            if not number:
                track.height, track.width = pixels.shape[:2]
                track.pix_fmt, track.bit_rate = "yuvj420p" if codec == "mjpeg" else "yuv420p", 2_000_000
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number * slower, 1 / Fraction(rate)
            container.mux(track.encode(frame))
        container.mux(track.encode())
    return stream.getvalue()


def scenes(seed: int, seconds: int, rate: int = 10, height: int = 96, width: int = 128) -> Iterator[Pixels]:
    """Another picture each second, which stands still meanwhile."""
    rng = np.random.default_rng(seed)
    for _ in range(seconds):
        picture = noise(rng, height, width, 12)
        for _ in range(rate):
            yield picture


def in_two_streams(pictures: Iterable[Pixels], other: Pixels, *, is_cover: bool) -> bytes:
    """Pictures, ten a second, after a stream of one other picture: a cover that is attached, or a stream of its own."""
    av: Any = pytest.importorskip("av")
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4" if is_cover else "matroska") as container:
        tracks = [container.add_stream(codec, rate=10, options={"threads": "1"}) for codec in ("mjpeg" if is_cover else "mpeg4", "mpeg4")]
        for track in tracks:
            track.height, track.width = other.shape[:2]
            track.pix_fmt = "yuvj420p" if track.name == "mjpeg" else "yuv420p"
        if is_cover:
            tracks[0].disposition = av.stream.Disposition.attached_pic
        for track, shown in zip(tracks, ([other], pictures), strict=True):
            for pixels in shown:
                container.mux(track.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            container.mux(track.encode())
    return stream.getvalue()


def sound() -> bytes:
    """A second of silence, without any picture."""
    av: Any = pytest.importorskip("av")
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        track = container.add_stream("aac", rate=8000, layout="mono")
        for start in range(0, 8192, 1024):
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            silence.sample_rate, silence.pts = 8000, start
            container.mux(track.encode(silence))
        container.mux(track.encode())
    return stream.getvalue()
