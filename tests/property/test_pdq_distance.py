"""The scan finds exactly what counting bits one by one finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.matching.near import Near, _joined, _scan

VALUES = st.binary(min_size=32, max_size=32)
FLIPS = st.sets(st.integers(0, 255), max_size=40)


def _flip(value: bytes, places: set[int]) -> bytes:
    number = int.from_bytes(value, "big")
    for place in places:
        number ^= 1 << place
    return number.to_bytes(32, "big")


def _distance(one: bytes, other: bytes) -> int:
    return sum((int.from_bytes(one, "big") ^ int.from_bytes(other, "big")) >> place & 1 for place in range(256))


@given(asked=VALUES, strangers=st.lists(VALUES, max_size=20), variants=st.lists(FLIPS, max_size=20), limit=st.integers(0, 256))
@settings(deadline=None)
def test_finds_what_naive_counting_finds(asked: bytes, strangers: list[bytes], variants: list[set[int]], limit: int) -> None:
    entries = [*strangers, *(_flip(asked, places) for places in variants), _flip(asked, set(range(256)))]
    words = [np.frombuffer(b"".join(entries), np.uint64).reshape(-1, 4).T]
    scanned = list(_scan(*_joined(words, [np.arange(1, len(entries) + 1)]), asked, limit))
    assert scanned == [
        Near(number, _distance(asked, entry)) for number, entry in enumerate(entries, start=1) if _distance(asked, entry) <= limit
    ]


def test_the_opposite_of_a_value_is_far_from_it() -> None:
    words, ids = _joined([np.full((4, 1), 2**64 - 1, np.uint64)], [np.array([1])])
    assert list(_scan(words, ids, bytes(32), 31)) == []
    assert list(_scan(words, ids, bytes(32), 256)) == [Near(1, 256)]
