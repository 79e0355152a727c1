"""The world's files by what they show, their digests, and which of them are on the lists."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from grace.simulate.chance import Dice, Key, fold
from grace.simulate.pictures import draw, fingerprint
from grace.simulate.plan import WorldPlan

_LEAST_QUALITY = 50
_SHARED = 256
LIST_NAMES = ("example-agency", "example-hotline")
LIST_HEADER = ("algorithm", "value", "category", "source", "note")


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of one content in lower-case hexadecimal; ``pdq`` where it is a picture of quality 50 or more."""

    md5: str
    sha1: str
    sha256: str
    pdq: str | None = None


def digests_of(content: bytes) -> Digests:
    """MD5, SHA-1 and SHA-256 of bytes that exist."""
    return Digests(_hex("md5", content), _hex("sha1", content), hashlib.sha256(content).hexdigest())


def _hex(algorithm: str, content: bytes) -> str:
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def invented_digests(*key: Key) -> Digests:
    """Digests of a content that exists nowhere."""
    word = fold(*key)
    octets = hashlib.blake2b(word.to_bytes(8, "big"), digest_size=64).hexdigest()
    return Digests(octets[:32], octets[32:72], octets[64:])


@dataclass(frozen=True, slots=True)
class ListRow:
    """A line of a hash list, in the order of ``LIST_HEADER``."""

    algorithm: str
    value: str
    category: str
    source: str
    note: str


class Catalogue:
    """What is on the lists: pictures with bytes, and digests of contents that are only ever named."""

    def __init__(self, plan: WorldPlan) -> None:
        self._seed = plan.seed
        self.pictures = plan.listed_pictures
        self.named = plan.listed_digests
        self.picture = cache(self._picture)
        self.picture_digests = cache(self._picture_digests)
        self.viral = cache(self._viral)
        self.shared = lru_cache(maxsize=_SHARED)(self._shared)

    def _picture(self, number: int) -> bytes:
        return draw(self._seed, "listed", number)

    def _picture_digests(self, number: int) -> Digests:
        content = self.picture(number)
        plain = digests_of(content)
        value, quality = fingerprint(content)
        return Digests(plain.md5, plain.sha1, plain.sha256, value.hex() if quality >= _LEAST_QUALITY else None)

    def named_digests(self, number: int) -> Digests:
        """The digests of listed content ``number`` that has no bytes in this world."""
        return invented_digests(self._seed, "named", number)

    def _viral(self) -> bytes:
        """The picture that everyone sends; on no list."""
        return draw(self._seed, "viral")

    def _shared(self, group: int) -> bytes:
        """The picture that this group shares; on no list."""
        return draw(self._seed, "group", group)

    def popular(self, dice: Dice, size: int) -> int:
        """One of ``size`` listed things, the first ones more often: few files make most of the traffic."""
        return int(size * dice.unit() ** 2)

    def rows(self) -> Iterator[tuple[str, ListRow]]:
        """Every line of every list, with the list's name: exactly the known files of the world."""
        for number in range(self.pictures):
            yield from _rows(number, self.picture_digests(number), f"listed-{number}")
        for number in range(self.named):
            yield from _rows(number, self.named_digests(number), f"named-{number}")


def _rows(number: int, digests: Digests, key: str) -> Iterator[tuple[str, ListRow]]:
    name = LIST_NAMES[number % len(LIST_NAMES)]
    pairs = (("md5", digests.md5), ("sha1", digests.sha1), ("sha256", digests.sha256), ("pdq", digests.pdq))
    for algorithm, value in pairs:
        if value is not None:
            yield name, ListRow(algorithm, value, f"invented-{number % 3}", name, key)
