"""Which files of two documents are one: by MD5 where both give it, else by name. One pass, however many files there are."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")
Names = tuple[Hashable, Hashable]
"""MD5 and name of a file; None where it has none."""


def paired(newer: Sequence[T], older: Sequence[T], names: Callable[[T], Names]) -> tuple[list[tuple[T, T | None]], list[T]]:
    """Each of the newer files with the older one that it is, or None; and the older ones that are none of them."""
    by_md5, by_name, without_md5 = (defaultdict[Hashable, deque[int]](deque) for _ in range(3))
    for place, each in enumerate(older):
        md5, name = names(each)
        (by_md5[md5] if md5 else without_md5[name]).append(place)
        by_name[name].append(place)
    used: set[int] = set()

    def take(waiting: deque[int]) -> int | None:
        while waiting:
            place = waiting.popleft()
            if place not in used:
                used.add(place)
                return place
        return None

    pairs: list[tuple[T, T | None]] = []
    for each in newer:
        md5, name = names(each)
        found = take(by_md5[md5]) if md5 else None
        if found is None and name:
            found = take(without_md5[name] if md5 else by_name[name])
        pairs.append((each, None if found is None else older[found]))
    return pairs, [each for place, each in enumerate(older) if place not in used]
