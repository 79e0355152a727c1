"""Integrated loudness of one channel after ITU-R BS.1770-5: K-weighting, blocks of 400 ms, two gates."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grace.analysis.analysers.samples import Samples

Weights = NDArray[np.float64]
_OFFSET = -0.691
_ABSOLUTE, _RELATIVE = -70.0, -10.0
_TAIL_SECONDS = 0.2
"""The answer of the weighting filter after that is below a ten-thousandth of a decibel."""
_CHUNK = 1 << 16
_STEPS_A_BLOCK = 4


def loudness(heard: Samples, rate: int) -> float | None:
    """Loudness in LUFS; None where the sound is shorter than a block or nowhere as loud as the absolute gate."""
    step = rate // 10
    powers = _powers(heard, rate, step)
    if len(powers) < _STEPS_A_BLOCK:
        return None
    blocks = np.convolve(powers, np.full(_STEPS_A_BLOCK, 1 / _STEPS_A_BLOCK), mode="valid")
    kept = blocks[blocks > _power(_ABSOLUTE)]
    if not len(kept):
        return None
    kept = kept[kept > kept.mean() * 10 ** (_RELATIVE / 10)]
    return _OFFSET + 10 * math.log10(float(kept.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))


def _powers(heard: Samples, rate: int, step: int) -> Weights:
    """The mean power of the weighted sound in each whole tenth of a second, a chunk at a time so that memory stays small."""
    taps = _weighting(rate)
    before = len(taps) - 1
    steps_a_chunk = max(1, _CHUNK // step)
    size = 1 << (before + steps_a_chunk * step - 1).bit_length()
    spectrum = np.fft.rfft(taps, size)
    padded = np.concatenate([np.zeros(before, np.float32), heard[: len(heard) // step * step]])
    found = [np.zeros(0)]
    for start in range(0, len(padded) - before, steps_a_chunk * step):
        part = padded[start : start + before + steps_a_chunk * step]
        weighted = np.fft.irfft(np.fft.rfft(part, size) * spectrum, size)[before : len(part)]
        found.append(np.mean(np.square(weighted.reshape(-1, step)), axis=1))
    return np.concatenate(found)


@lru_cache(maxsize=4)
def _weighting(rate: int) -> Weights:
    """The answer of both filters to one impulse. The filters for any rate: the analogue ones of the table for 48 kHz, bilinear."""
    answer = np.zeros(int(rate * _TAIL_SECONDS))
    answer[0] = 1.0
    return _filtered(_filtered(answer, *_shelf(rate)), *_high_pass(rate))


def _shelf(rate: int) -> tuple[list[float], list[float]]:
    gain, quality, tangent = 3.999843853973347, 0.7071752369554196, math.tan(math.pi * 1681.974450955533 / rate)
    high = 10 ** (gain / 20)
    band, square = high**0.4996667741545416, tangent * tangent
    whole = 1 + tangent / quality + square
    over = [high + band * tangent / quality + square, 2 * (square - high), high - band * tangent / quality + square]
    under = [whole, 2 * (square - 1), 1 - tangent / quality + square]
    return [each / whole for each in over], [each / whole for each in under]


def _high_pass(rate: int) -> tuple[list[float], list[float]]:
    quality, tangent = 0.5003270373238773, math.tan(math.pi * 38.13547087602444 / rate)
    square = tangent * tangent
    whole = 1 + tangent / quality + square
    return [1.0, -2.0, 1.0], [1.0, 2 * (square - 1) / whole, (1 - tangent / quality + square) / whole]


def _filtered(wave: Weights, over: list[float], under: list[float]) -> Weights:
    """A filter of second order, sample by sample: for one impulse only."""
    first = second = 0.0
    result = np.empty_like(wave)
    for at, each in enumerate(wave.tolist()):
        result[at] = value = over[0] * each + first
        first = over[1] * each - under[1] * value + second
        second = over[2] * each - under[2] * value
    return result
