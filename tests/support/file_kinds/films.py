"""Films and sounds, written by PyAV: clouds that move, and a tone."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from tests.support.file_kinds.sample import Sample, sample

_FILMS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("MP4", "mp4", "mpeg4", "aac", ("video/mp4",)),
    ("QuickTime", "mov", "mjpeg", "", ("video/quicktime",)),
    ("3GP", "3gp", "mpeg4", "", ("video/3gpp",)),
    ("Matroska", "matroska", "mpeg4", "flac", ("video/x-matroska", "video/matroska")),
    ("WebM", "webm", "libvpx", "libopus", ("video/webm",)),
    ("AVI", "avi", "mpeg4", "mp2", ("video/x-msvideo", "video/avi")),
    ("FLV", "flv", "flv", "", ("video/x-flv",)),
    ("WMV", "asf", "wmv2", "wmav2", ("video/x-ms-wmv", "video/x-ms-asf")),
    ("MPEG program stream", "mpeg", "mpeg1video", "mp2", ("video/mpeg", "video/mpeg1")),
    ("DVD", "vob", "mpeg2video", "mp2", ("video/mpeg",)),
    ("MPEG transport stream", "mpegts", "mpeg2video", "mp2", ("video/mp2t",)),
    ("MPEG video", "mpeg1video", "mpeg1video", "", ("video/mpeg", "video/mpv")),
)
_SOUNDS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("WAV", "wav", "pcm_s16le", ("audio/wav", "audio/x-wav")),
    ("MP3", "mp3", "libmp3lame", ("audio/mpeg", "audio/mp3")),
    ("MP2", "mp2", "mp2", ("audio/mpeg",)),
    ("AAC", "adts", "aac", ("audio/aac", "audio/x-hx-aac-adts")),
    ("M4A", "ipod", "aac", ("audio/mp4", "audio/x-m4a", "audio/m4a")),
    ("FLAC", "flac", "flac", ("audio/flac", "audio/x-flac")),
    ("OGG Opus", "ogg", "libopus", ("audio/ogg", "audio/opus")),
    ("OGG FLAC", "ogg", "flac", ("audio/ogg",)),
    ("WebM of sound", "webm", "libopus", ("audio/webm", "video/webm")),
    ("Matroska of sound", "matroska", "mp2", ("audio/x-matroska", "video/x-matroska")),
    ("WMA", "asf", "wmav2", ("audio/x-ms-wma", "video/x-ms-asf")),
    ("AMR", "amr", "libopencore_amrnb", ("audio/amr",)),
    ("AIFF", "aiff", "pcm_s16be", ("audio/aiff", "audio/x-aiff")),
    ("AU", "au", "pcm_s16be", ("audio/basic",)),
)


def written(
    form: str, video: str = "", sound: str = "", *, frames: int = 10, rate: int = 44_100, metadata: dict[str, str] | None = None
) -> bytes:
    """A film of grey clouds, a tone, or both. Raises ``ImportError`` where PyAV is missing, its own error where a codec is."""
    import av

    stream = io.BytesIO()
    with av.open(stream, "w", format=form) as container:
        container.metadata.update(metadata or {})
        tracks: list[tuple[Any, Any]] = []
        if video:
            track: Any = container.add_stream(video, rate=25)
            track.width, track.height, track.pix_fmt = 64, 48, "yuvj420p" if video == "mjpeg" else "yuv420p"
            tracks.append((track, (_picture(av, number) for number in range(frames))))
        if sound:
            voice: Any = container.add_stream(sound, rate=rate)
            voice.layout = "mono"
            if sound.startswith("wma"):
                voice.bit_rate = 64_000
            tracks.append((voice, _tone(av, voice, frames)))
        for track, parts in tracks:
            for made in parts:
                container.mux(track.encode(made))
            container.mux(track.encode())
    return stream.getvalue()


def _picture(av: Any, number: int) -> Any:
    rows, columns = np.mgrid[0:48, 0:64]
    grey = ((rows * 3 + columns * 2 + number * 9) % 256).astype(np.uint8)
    frame = av.VideoFrame.from_ndarray(np.dstack([grey, grey, grey]), format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, 25)
    return frame


def _tone(av: Any, voice: Any, frames: int) -> Iterator[Any]:
    rate, size = voice.rate, 1_152
    resampler = av.AudioResampler(format=voice.format.name, layout="mono", rate=rate, frame_size=voice.codec_context.frame_size or size)
    for number in range(frames * 2):
        times = np.arange(number * size, (number + 1) * size) / rate
        frame = av.AudioFrame.from_ndarray((np.sin(times * 2_765) * 9_000).astype(np.int16)[None, :], format="s16", layout="mono")
        frame.rate, frame.pts, frame.time_base = rate, number * size, Fraction(1, rate)
        yield from resampler.resample(frame)


def midi() -> bytes:
    """One track that says nothing but its end."""
    track = b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96) + b"MTrk" + struct.pack(">I", len(track)) + track


def films() -> Iterator[Sample]:
    """Whole films and sounds; those whose codec this PyAV lacks are left out."""
    yield sample("MIDI", midi(), "audio/midi", "audio/sp-midi")
    try:
        import av
    except ImportError:
        return
    ways = (
        *((name, form, video, sound, types) for name, form, video, sound, types in _FILMS),
        *((name, form, "", sound, types) for name, form, sound, types in _SOUNDS),
    )
    for name, form, video, sound, types in ways:
        for frames in (8, 30):
            rate = 8_000 if form == "amr" else 48_000 if "opus" in sound else 44_100
            try:
                yield sample(f"{name}, {frames}", written(form, video, sound, frames=frames, rate=rate), *types)
            except (av.FFmpegError, ValueError) as missing:
                print(f"not made: {name}: {missing}")
