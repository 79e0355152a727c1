from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from grace.evidence.decoding.slate import SIZE, Mapped, Slate


@pytest.fixture
def slate() -> Iterator[Slate]:
    with closing(Slate()) as made:
        yield made


@pytest.mark.parametrize("size", [0, 1, 4096, (1 << 20) - 1, (1 << 20) + 1, 3 << 20])
def test_what_one_side_lays_down_the_other_takes(slate: Slate, size: int) -> None:
    content = os.urandom(size)
    theirs = Mapped(slate.descriptor)
    assert slate.write(io.BytesIO(content), SIZE) == size
    assert theirs.take(size) == content
    theirs.put(content[::-1])
    assert slate.read(size) == content[::-1]


def test_more_than_allowed_is_told(slate: Slate) -> None:
    assert slate.write(io.BytesIO(bytes(10)), 10) == 10
    assert slate.write(io.BytesIO(bytes(11)), 10) is None
    assert slate.write(io.BytesIO(bytes(3 << 20)), 2 << 20) is None


def test_what_was_read_does_not_change_any_more(slate: Slate) -> None:
    theirs = Mapped(slate.descriptor)
    theirs.put(b"first")
    seen = slate.read(5)
    theirs.put(b"other")
    assert seen == b"first"


def test_nobody_resizes_it(slate: Slate) -> None:
    """Or we would be ended by a signal, or read less than was checked."""
    for size in (0, SIZE + 1):
        with pytest.raises(PermissionError):
            os.ftruncate(slate.descriptor, size)


def test_it_takes_the_room_of_what_was_written_and_a_large_file_stays_once_only(slate: Slate) -> None:
    assert _room(slate) == 0
    theirs = Mapped(slate.descriptor)
    small, large = bytes(1 << 20), os.urandom(9 << 20)
    slate.write(io.BytesIO(small), SIZE)
    assert theirs.take(len(small)) == small
    assert _room(slate) == len(small)
    slate.write(io.BytesIO(large), SIZE)
    assert theirs.take(len(large)) == large
    assert _room(slate) == 0


def _room(slate: Slate) -> int:
    return os.fstat(slate.descriptor).st_blocks * 512
