"""Sound of tones, in several forms; and of what is none."""

from __future__ import annotations

import io
import math
import random
import struct
from itertools import pairwise

import pytest

from grace.evidence.decoding.port import Limits, Reason
from grace.evidence.decoding.program import sounds
from grace.evidence.decoding.program.pictures import Unfit
from grace.evidence.decoding.program.sounds import RATE, make_sound, sample
from grace.evidence.decoding.program.videos import sample as film

av = pytest.importorskip("av")


def tone(form: str, codec: str, seconds: float = 2.0, rate: int = 44_100) -> bytes:
    """A tone of 440 a second on two channels."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=form) as container:
        track = container.add_stream(codec, rate=rate, layout="stereo")
        number = int(rate * seconds)
        values = [round(8_000 * math.sin(2 * math.pi * 440 * place / rate)) for place in range(number)]
        for start in range(0, number, 1_024):
            part = values[start : start + 1_024]
            frame = av.AudioFrame(format="s16", layout="stereo", samples=len(part))
            frame.sample_rate, frame.pts = rate, start
            frame.planes[0].update(struct.pack(f"<{2 * len(part)}h", *(value for value in part for _ in range(2))))
            for each in av.AudioResampler(format=track.format, layout="stereo", rate=rate).resample(frame):
                container.mux(track.encode(each))
        container.mux(track.encode())
    return stream.getvalue()


@pytest.mark.parametrize(("form", "codec"), [("wav", "pcm_s16le"), ("flac", "flac"), ("mp4", "aac"), ("matroska", "aac")])
def test_every_form_gives_one_channel_at_one_rate(form: str, codec: str) -> None:
    heard = make_sound(tone(form, codec), Limits())
    assert heard.rate == RATE
    assert len(heard.samples) / 2 / RATE == pytest.approx(2.0, abs=0.15)
    values = struct.unpack(f"<{len(heard.samples) // 2}h", heard.samples)
    assert 6_000 < max(values) < 10_000
    crossings = sum(one < 0 <= other for one, other in pairwise(values))
    assert crossings / 2 == pytest.approx(440, rel=0.1)


def test_a_film_without_sound_is_silent_and_what_is_none_is_refused() -> None:
    assert make_sound(film(30), Limits()).samples == b""
    for content, reason in ((b"", Reason.EMPTY), (b"no sound at all", Reason.DAMAGED)):
        with pytest.raises(Unfit) as refusal:
            make_sound(content, Limits())
        assert refusal.value.reason is reason


def test_a_long_sound_is_heard_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "MOST_SECONDS", 1)
    assert len(make_sound(sample(3 * RATE), Limits()).samples) == 2 * RATE


def test_broken_sounds_give_sound_or_an_error_of_the_library() -> None:
    whole, changes = bytearray(tone("mp4", "aac")), random.Random(4)
    for _ in range(60):
        broken = whole[: changes.randrange(1, len(whole))]
        for _ in range(5):
            broken[changes.randrange(len(broken))] = changes.randrange(256)
        try:
            heard = make_sound(bytes(broken), Limits())
        except (Unfit, av.error.FFmpegError):
            continue
        assert len(heard.samples) % 2 == 0
