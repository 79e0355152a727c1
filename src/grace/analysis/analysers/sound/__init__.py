"""How loud a sound is, and how much of it is silence: level and peak, loudness after ITU-R BS.1770-5, share of silence."""

from __future__ import annotations

import math

import numpy as np

from grace.analysis.analysers.samples import Samples, samples
from grace.analysis.analysers.sound.loudness import loudness
from grace.sdk.analysis import AnalyserInfo, Cost, Finding, Seen, Sound, Subject, Takes
from grace.sdk.signals import Basis

MOST_SECONDS = 3_600
"""What is listened to of a long sound; the fact ``heard`` tells how many milliseconds that were."""
SILENT = -60.0
"""Decibels below full scale (RMS) under which a piece is silent."""
_PIECES = 10
"""Pieces a second whose level is taken."""
_LEAST = 0.5 / 32_768


class Loudness:
    """The analyser."""

    info = AnalyserInfo(
        name="sound",
        version="1",
        cost=Cost.CHEAP,
        licence="Apache-2.0",
        takes=Takes.SOUND,
        gives={
            "sound.level": "the level of the whole as RMS in decibels of full scale; facts: the peak, the milliseconds heard",
            "sound.loudness": "the integrated loudness in LUFS (ITU-R BS.1770-5), where anything is loud enough to count",
            "sound.silence": f"the share of tenths of a second below {SILENT:.0f} dBFS, 0 to 1",
        },
    )

    def warm_up(self) -> None:
        """Run once over a little noise: numpy loads its parts late."""
        self.examine(Sound(16_000, bytes(range(256)) * 125))

    def examine(self, subject: Subject) -> Seen:
        """Level, loudness and silence; nothing for a sound without samples. Raises ``ValueError`` for what is no sound."""
        if not isinstance(subject, Sound):
            raise TypeError("The analyser of loudness takes sound.")
        heard = samples(subject, MOST_SECONDS)
        if not len(heard):
            return ()
        peak, level = float(np.abs(heard).max()), float(np.sqrt(np.mean(np.square(heard, dtype=np.float64))))
        facts = {"peak": _decibels(peak), "heard": str(len(heard) * 1000 // subject.rate)}
        found = [Finding("sound.level", _decibels(level), Basis.OBSERVED, facts=facts)]
        loud = loudness(heard, subject.rate)
        if loud is not None:
            found.append(Finding("sound.loudness", f"{loud:.1f}", Basis.OBSERVED))
        found.append(Finding("sound.silence", f"{_silence(heard, subject.rate):.2f}", Basis.OBSERVED))
        return tuple(found)


def _decibels(amplitude: float) -> str:
    """In decibels of full scale; what is less than half a step of the samples is written as such."""
    return f"{20 * math.log10(max(amplitude, _LEAST)):.1f}"


def _silence(heard: Samples, rate: int) -> float:
    size = max(1, rate // _PIECES)
    pieces = heard[: len(heard) // size * size].reshape(-1, size) if len(heard) >= size else heard.reshape(1, -1)
    return float(np.mean(np.mean(np.square(pieces), axis=1) < 10 ** (SILENT / 10)))


ANALYSER = Loudness()
