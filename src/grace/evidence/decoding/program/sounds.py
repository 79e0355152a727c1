"""Sound out of untrusted files, by PyAV where the extra ``grace-platform[media]`` is installed.

The rule: the first stream of sound, mixed down to one channel of 16,000 signed 16-bit samples a second, from its beginning to its end or
to :data:`MOST_SECONDS`. What is damaged further on is heard up to there. Only the formats and codecs named are tried.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

from grace.evidence.decoding.port import Limits, Reason
from grace.evidence.decoding.program.pictures import Unfit
from grace.evidence.decoding.program.videos import FORMATS as OF_VIDEOS
from grace.evidence.decoding.program.videos import av
from grace.sdk.analysis import Sound

FORMATS = f"{OF_VIDEOS},mp3,wav,flac,aac,amr,aiff,au"
CODECS = (
    "aac,mp3,mp3float,mp2,ac3,eac3,opus,libopus,vorbis,flac,alac,amrnb,amrwb,wmav1,wmav2,wmapro,adpcm_ima_wav,adpcm_ms,gsm_ms,"
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_alaw,pcm_mulaw"
)
RATE = 16_000
MOST_SECONDS = 3_600
_SHARE_OF_TIME = 0.6
"""Of the time allowed, so that some is left for whoever listens."""
_MOST_FAULTS = 1_000


def warm_up() -> None:
    """Load what decoding needs: later the process can open no file."""
    if av is not None:
        make_sound(sample(1_000), Limits())


def sample(samples: int) -> bytes:
    """Silence, as a file."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="wav") as container:
        track = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
        frame.sample_rate = RATE
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(track.encode(frame))
        container.mux(track.encode())
    return stream.getvalue()


def make_sound(content: bytes, limits: Limits) -> Sound:
    """The sound of a file; none where it has no stream of sound. Raises :class:`Unfit`, and whatever PyAV raises for a damaged file."""
    if av is None:
        raise Unfit(Reason.EXTRA)
    if not content:
        raise Unfit(Reason.EMPTY)
    try:
        container = av.open(io.BytesIO(content), "r", container_options={"format_whitelist": FORMATS, "codec_whitelist": CODECS})
    except (av.error.InvalidDataError, av.error.ArgumentError):
        raise Unfit(Reason.DAMAGED) from None
    with container:
        if not container.streams.audio:
            return Sound(RATE, b"")
        stream = container.streams.audio[0]
        if stream.codec_context is None or stream.codec_context.codec.name not in CODECS.split(","):
            raise Unfit(Reason.FORMAT)
        stream.codec_context.thread_count = 1
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        heard = bytearray()
        for frame in _frames(container, stream, limits):
            for piece in resampler.resample(frame):
                heard += bytes(piece.planes[0])[: 2 * piece.samples]
            if len(heard) >= 2 * RATE * MOST_SECONDS:
                break
        return Sound(RATE, bytes(heard[: 2 * RATE * MOST_SECONDS]))


def _frames(container: Any, stream: Any, limits: Limits) -> Iterator[Any]:
    """The decoded pieces, and at last None; what cannot be decoded is left out."""
    clock, processor = time.monotonic() + _SHARE_OF_TIME * limits.seconds, time.process_time() + _SHARE_OF_TIME * limits.cpu_seconds
    faults = 0
    pieces = container.demux(stream)
    while time.monotonic() < clock and time.process_time() < processor and faults < _MOST_FAULTS:
        try:
            frames = next(pieces).decode()
        except StopIteration:
            break
        except av.error.FFmpegError:
            faults += 1
            continue
        yield from frames
    yield None
