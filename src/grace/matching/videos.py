"""Which listed videos a video shares pictures with, how much of each, and when: pure arithmetic on what an index found.

The shares are vPDQ's (ThreatExchange, ``vpdq/README.md``): of the different pictures of quality 50 and more, how many have
a near one on the other side, in per cent. A listed picture that belongs to no video counts as a video of one picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from grace.sdk.video import Video

K = TypeVar("K", bound=Hashable)
LEAST_QUALITY = 50
LEAST_SHARE = 80.0
BRIDGED = 2000
"""Milliseconds without a match that do not end a span: a black picture, or one that was blurred by a cut."""


@dataclass(frozen=True, slots=True)
class Near(Generic[K]):
    """A listed picture near an asked one: of which listed video, which of its pictures, how many bits away."""

    video: K
    picture: int
    distance: int


@dataclass(frozen=True, slots=True)
class Rule:
    """The shares, in per cent, that make a match together."""

    asked: float
    listed: float


RULES = (Rule(asked=LEAST_SHARE, listed=0), Rule(asked=0, listed=LEAST_SHARE))
"""vPDQ's own: most of this video stands in the listed one. And its mirror: most of the listed one stands in this."""


@dataclass(frozen=True, slots=True)
class Overlap(Generic[K]):
    """What two videos have in common: shares in per cent, the nearest pair, and from when to when in the asked one (milliseconds)."""

    video: K
    asked_share: float
    listed_share: float
    distance: int
    spans: tuple[tuple[int, int], ...]


def pictures_of(video: Video) -> dict[bytes, int]:
    """The different pictures that are good enough to be asked for, with the best quality seen of each."""
    best: dict[bytes, int] = {}
    for frame in video.frames:
        if frame.quality >= LEAST_QUALITY:
            best[frame.value] = max(frame.quality, best.get(frame.value, 0))
    return best


def overlaps(
    asked: Video, near: Mapping[bytes, Sequence[Near[K]]], sizes: Mapping[K, int], rules: Iterable[Rule] = RULES
) -> list[Overlap[K]]:
    """The listed videos that the asked one matches by any of the rules, the most alike first.

    ``near`` holds for each of :func:`pictures_of` the listed pictures near it; ``sizes`` how many pictures each listed
    video has.
    """
    good = pictures_of(asked)
    shared: defaultdict[K, set[bytes]] = defaultdict(set)
    listed: defaultdict[K, set[int]] = defaultdict(set)
    nearest: dict[K, int] = {}
    for value, found in near.items():
        for each in found if value in good else ():
            shared[each.video].add(value)
            listed[each.video].add(each.picture)
            nearest[each.video] = min(each.distance, nearest.get(each.video, each.distance))
    shown: defaultdict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for start, end, frame in asked.spans():
        shown[frame.value].append((start, end))
    told = [
        Overlap(
            video,
            100 * len(values) / len(good),
            100 * len(listed[video]) / sizes[video],
            nearest[video],
            tuple(_joined(sorted(span for value in values for span in shown[value]))),
        )
        for video, values in shared.items()
    ]
    told = [each for each in told if any(each.asked_share >= rule.asked and each.listed_share >= rule.listed for rule in rules)]
    return sorted(told, key=lambda each: (-max(each.asked_share, each.listed_share), each.distance))


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order of time, with what is hardly apart made one."""
    opened: tuple[int, int] | None = None
    for start, end in spans:
        if opened and start - opened[1] <= BRIDGED:
            opened = opened[0], max(opened[1], end)
            continue
        if opened:
            yield opened
        opened = start, end
    if opened:
        yield opened
