"""Chance that can be repeated: every draw depends on a key alone, so document i never needs document i - 1.

Not for secrets: the generator is splitmix64 (Steele, Lea, Flood 2014), chosen because it is the same on every Python.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import Generic, TypeVar
from zlib import crc32

_T = TypeVar("_T")
_MASK = 0xFFFFFFFFFFFFFFFF
_GOLDEN = 0x9E3779B97F4A7C15
_ODD = 0xD6E8FEB86659FD93
_ROUNDS = 4

_SIXTEEN = Struct(">16I")

Key = int | str


def mix(word: int) -> int:
    """Scramble 64 bits: the finaliser of splitmix64, a bijection."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _MASK
    return word ^ (word >> 31)


def fold(*key: Key) -> int:
    """One 64-bit word for a key of numbers and words; the order matters."""
    word = len(key)
    for part in key:
        number = part if isinstance(part, int) else _number(part)
        word = (word ^ number) * _ODD & _MASK
        word ^= word >> 32
    return mix(word)


@lru_cache(maxsize=4096)
def _number(part: str) -> int:
    return crc32(part.encode())


class Dice:
    """Draws that follow from the key: the same key gives the same draws in the same order."""

    __slots__ = ("_state",)

    def __init__(self, *key: Key) -> None:
        self._state = fold(*key)

    def word(self) -> int:
        """64 even bits."""
        self._state = word = (self._state + _GOLDEN) & _MASK
        # mix() written out: this is the innermost call of the world
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _MASK
        return word ^ (word >> 31)

    def unit(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return (self.word() >> 11) * 2.0**-53

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, but not including, ``limit`` (bias below 2**-40 for limits here)."""
        return self.word() % limit

    def between(self, low: float, high: float) -> float:
        """A number from ``low`` up to ``high``."""
        return low + (high - low) * self.unit()

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.unit() < probability

    def pick(self, options: Sequence[_T]) -> _T:
        """One of the options, each as likely as the next."""
        return options[self.word() % len(options)]

    def exponential(self, mean: float) -> float:
        """A waiting time with this mean, in the unit of the mean."""
        return -mean * math.log1p(-self.unit())

    def count(self, mean: float, most: int) -> int:
        """A geometric count with about this mean, cut at ``most``."""
        if mean <= 0:
            return 0
        return min(int(self.exponential(1.0) / math.log1p(1.0 / mean)), most)

    def numbers(self) -> tuple[int, ...]:
        """16 numbers of 32 even bits, for less than the price of three words."""
        return _SIXTEEN.unpack(blake2b(self.word().to_bytes(8, "big"), digest_size=64).digest())


class Weighted(Generic[_T]):
    """A choice among options that are not equally likely."""

    __slots__ = ("_bounds", "_options")

    def __init__(self, options: Sequence[tuple[_T, float]]) -> None:
        self._options = [option for option, _ in options]
        self._bounds: list[float] = []
        total = 0.0
        for _, weight in options:
            total += weight
            self._bounds.append(total)

    def draw(self, dice: Dice) -> _T:
        """One option, by weight."""
        return self._options[bisect_right(self._bounds, dice.unit() * self._bounds[-1])]


class Shuffle:
    """A shuffled order of ``range(size)`` that is computed, not stored: exact shares at random places.

    A Feistel network over the next power of four, walked until it falls inside (Black, Rogaway 2002).
    """

    __slots__ = ("_half", "_keys", "_low", "_size")

    def __init__(self, size: int, *key: Key) -> None:
        self._size = size
        self._half = max(1, (max(size - 1, 1).bit_length() + 1) // 2)
        self._low = (1 << self._half) - 1
        dice = Dice(*key)
        self._keys = tuple(dice.word() >> 32 for _ in range(_ROUNDS))

    def place(self, index: int) -> int:
        """Where ``index`` lands; different for every index below ``size``."""
        if not 0 <= index < self._size:
            raise IndexError(index)
        half, low = self._half, self._low
        while True:
            left, right = index >> half, index & low
            for key in self._keys:
                left, right = right, left ^ ((right ^ key) * _ODD >> 29 & low)
            index = left << half | right
            if index < self._size:
                return index
