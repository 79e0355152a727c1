import math

import numpy as np
import pytest

from grace.analysis.analysers.sound import ANALYSER
from grace.analysis.analysers.sound.loudness import _filtered, _high_pass, _shelf, loudness
from grace.sdk.analysis import Finding, Sound
from grace.sdk.testing import AnalyserContract

RATE = 48_000


def sine(decibels: float, seconds: float, hertz: float = 1_000, rate: int = RATE) -> np.ndarray:
    return 10 ** (decibels / 20) * np.sin(2 * math.pi * hertz * np.arange(int(seconds * rate)) / rate)


def sound(wave: np.ndarray, rate: int = RATE) -> Sound:
    return Sound(rate, np.round(wave * 32_767).astype("<i2").tobytes())


def seen(subject: Sound) -> dict[str, Finding]:
    return {each.kind: each for each in ANALYSER.examine(subject) if isinstance(each, Finding)}


class TestSound(AnalyserContract):
    analyser = ANALYSER
    subjects = (
        sound(sine(-20, 3)),
        sound(np.concatenate([sine(-10, 1), np.zeros(RATE)])),
        sound(sine(-3, 2, rate=8_000), 8_000),
        Sound(16_000, b"\x01"),
        Sound(16_000, b"\x00\x80" * 50),
        Sound(0, b"\x00\x00" * 50),
        Sound(-1, b"\x00\x00" * 50),
        Sound(4_000, b"\xff\x7f" * 4_001),
        Sound(10**9, b"\x00\x00" * 50),
    )


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_full_scale_is_three_below(rate: int) -> None:
    """The recommendation's own check: 997 Hz at full scale in one channel reads -3.01."""
    heard = sine(0, 5, 997, rate).astype(np.float32)
    assert loudness(heard, rate) == pytest.approx(-3.01, abs=0.02 if rate >= 44_100 else 0.15)


def test_quiet_parts_are_gated() -> None:
    """EBU Tech 3341, case 3, in one channel: the quiet ends do not pull the loudness down."""
    heard = np.concatenate([sine(-36, 10), sine(-23, 60), sine(-36, 10)]).astype(np.float32)
    assert loudness(heard, RATE) == pytest.approx(-26.0, abs=0.1)


def test_the_absolute_gate() -> None:
    """Tech 3341, case 4, in one channel."""
    parts = [sine(-72, 10), sine(-36, 10), sine(-23, 60), sine(-36, 10), sine(-72, 10)]
    assert loudness(np.concatenate(parts).astype(np.float32), RATE) == pytest.approx(-26.0, abs=0.1)
    assert loudness(sine(-80, 3).astype(np.float32), RATE) is None


def test_in_chunks_as_sample_by_sample() -> None:
    """The answer to one impulse, laid over the sound, says what the filters say."""
    chance = np.random.default_rng(3)
    heard = chance.normal(0, 0.1, 4 * 16_000).astype(np.float32)
    weighted = _filtered(_filtered(heard.astype(np.float64), *_shelf(16_000)), *_high_pass(16_000))
    powers = np.mean(np.square(weighted.reshape(-1, 1_600)), axis=1)
    blocks = np.convolve(powers, np.full(4, 0.25), mode="valid")
    assert loudness(heard, 16_000) == pytest.approx(-0.691 + 10 * math.log10(blocks.mean()), abs=1e-4)


def test_the_filters_are_those_of_the_table() -> None:
    """BS.1770, tables 1 and 2, for 48 kHz."""
    over, under = _shelf(RATE)
    assert over == pytest.approx([1.53512485958697, -2.69169618940638, 1.19839281085285], abs=1e-6)
    assert under[1:] == pytest.approx([-1.69065929318241, 0.73248077421585], abs=1e-6)
    assert _high_pass(RATE)[1][1:] == pytest.approx([-1.99004745483398, 0.99007225036621], abs=1e-6)


def test_level_peak_and_silence() -> None:
    found = seen(sound(np.concatenate([sine(-20, 1), np.zeros(3 * RATE)])))
    assert found["sound.level"].value == "-29.0"
    assert dict(found["sound.level"].facts) == {"peak": "-20.0", "heard": "4000"}
    assert found["sound.silence"].value == "0.75"
    assert float(found["sound.loudness"].value) == pytest.approx(-23.7, abs=0.7)


def test_digital_silence_has_a_level_and_no_loudness() -> None:
    found = seen(Sound(16_000, bytes(32_000)))
    assert found["sound.level"].value == "-96.3"
    assert found["sound.silence"].value == "1.00"
    assert "sound.loudness" not in found


@pytest.mark.parametrize("subject", [Sound(16_000, b"\x01"), Sound(0, b""), Sound(-8_000, bytes(10)), Sound(10**9, bytes(10))])
def test_what_is_no_sound_is_refused(subject: Sound) -> None:
    with pytest.raises(ValueError, match="No sound"):
        ANALYSER.examine(subject)
