"""Samples of a sound as numbers, for the analysers that listen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grace.sdk.analysis import Sound

Samples = NDArray[np.float32]
SLOWEST, FASTEST = 4_000, 384_000
"""Samples a second of what can be sound."""
_TAPS = 63
_FULL = 32_768.0


def samples(sound: Sound, most_seconds: int) -> Samples:
    """The samples of the first so many seconds, between -1 and 1. Raises ``ValueError`` for a rate that is none and for half a sample."""
    if not SLOWEST <= sound.rate <= FASTEST or len(sound.samples) % 2:
        raise ValueError("No sound: a rate out of bounds, or half a sample at the end.")
    numbers = np.frombuffer(sound.samples, dtype="<i2", count=min(len(sound.samples) // 2, sound.rate * most_seconds))
    result: Samples = numbers.astype(np.float32) / np.float32(_FULL)
    return result


def at_rate(heard: Samples, rate: int, wished: int) -> Samples:
    """The sound at another rate, by straight lines between samples; what the new rate cannot hold is filtered out first."""
    if rate == wished or not len(heard):
        return heard
    if rate > wished:
        places = np.arange(_TAPS) - _TAPS // 2
        taps = np.sinc(places * wished / rate) * np.hamming(_TAPS)
        heard = np.convolve(heard, (taps / taps.sum()).astype(np.float32), mode="same")
    times = np.arange(int(len(heard) * wished / rate)) * (rate / wished)
    result: Samples = np.interp(times, np.arange(len(heard)), heard).astype(np.float32)
    return result
