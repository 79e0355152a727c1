"""Unpacking behind the walls: members come in portions, checked, and whoever takes them may stop, fail, or go on later."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from grace.evidence.decoding import answers
from grace.evidence.decoding.answers import Nonsense, Told, read_portion
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded, Printed, Reason, Unpacked, Unpacking
from grace.evidence.decoding.testing import fractal, written
from tests.support.locked import aes, zip_crypto

FILES = {f"folder/{place}.txt": b"invented words " * place for place in range(7)}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(1)
    yield made
    made.close()


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


class Basket:
    """Takes portions, so many of them."""

    def __init__(self, most: int = 1 << 30) -> None:
        self.portions: list[Sequence[Unpacked]] = []
        self.most = most

    def take(self, portion: Sequence[Unpacked]) -> bool:
        self.portions.append(portion)
        return len(self.portions) < self.most

    @property
    def told(self) -> dict[str, bytes | Reason]:
        return {each.name: each.failed or each.content for portion in self.portions for each in portion}


def unpacked(pool: Pool, content: bytes, *passwords: str) -> dict[str, bytes | Reason]:
    basket = Basket()
    assert pool.unpack(io.BytesIO(content), basket.take, passwords=passwords) is True
    return basket.told


@pytest.mark.parametrize(
    "content",
    [zipped(FILES), tarred(FILES), gzip.compress(tarred(FILES)), bz2.compress(tarred(FILES)), lzma.compress(tarred(FILES))],
    ids=["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"],
)
def test_members_come_whole_behind_the_walls(pool: Pool, content: bytes) -> None:
    assert unpacked(pool, content) == FILES


def test_locked_ones_open_by_a_listed_password(pool: Pool) -> None:
    words = [f"word {number}" for number in range(900)]  # more than fits a message
    for content in (aes(FILES, "seven boats"), zip_crypto(FILES, "seven boats")):
        assert unpacked(pool, content, *words, "seven boats") == FILES
        assert set(unpacked(pool, content).values()) == {Reason.LOCKED}


def test_whoever_takes_them_may_stop_and_go_on_later(pool: Pool) -> None:
    first, rest = Basket(most=2), Basket()
    most = Unpacking(portion_members=2)
    assert pool.unpack(io.BytesIO(zipped(FILES)), first.take, most=most) is False
    assert [[each.place for each in portion] for portion in first.portions] == [[0, 1], [2, 3]]
    assert pool.unpack(io.BytesIO(zipped(FILES)), rest.take, first=4, most=most) is True
    assert first.told | rest.told == FILES


def test_whoever_fails_to_take_them_says_so_and_the_next_file_is_decoded(pool: Pool) -> None:
    def full(_portion: Sequence[Unpacked]) -> bool:
        raise OSError(28, "the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        pool.unpack(io.BytesIO(zipped(FILES)), full)
    assert isinstance(pool.fingerprint(written(fractal())), Printed)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"words", Reason.FORMAT),
        (b"Rar!\x1a\x07\x01\x00", Reason.FORMAT),
        (b"PK\x03\x04words", Reason.DAMAGED),
        (b"\xfd7zXZ\x00words", Reason.DAMAGED),
    ],
)
def test_what_cannot_be_unpacked_is_told(pool: Pool, content: bytes, reason: Reason) -> None:
    basket = Basket()
    assert pool.unpack(io.BytesIO(content), basket.take) == NotDecoded(reason)
    assert basket.portions == []


def test_limits_of_bytes_and_time_are_kept(pool: Pool) -> None:
    basket = Basket()
    content = zipped(FILES)
    assert pool.unpack(io.BytesIO(content), basket.take, limits=Limits(most_bytes=len(content))) == NotDecoded(Reason.BYTES)
    slow = gzip.compress(bytes(512 << 20))
    assert pool.unpack(io.BytesIO(slow), basket.take, most=Unpacking(free_bytes=1 << 30), limits=Limits(seconds=0.2)) == NotDecoded(
        Reason.TIME
    )
    assert unpacked(pool, slow) == {"": Reason.BOMB}


def test_the_time_of_whoever_takes_is_not_the_workers(pool: Pool) -> None:
    import time

    def slowly(_portion: Sequence[Unpacked]) -> bool:
        time.sleep(0.7)
        return True

    assert pool.unpack(io.BytesIO(zipped(FILES)), slowly, most=Unpacking(portion_members=3), limits=Limits(seconds=1.5)) is True


def told(index: Any, content: bytes = b"", /, **header: object) -> Told:
    written_ = index if isinstance(index, bytes) else json.dumps(index).encode()
    everything = written_ + content
    return Told({"index": len(written_), "bytes": len(everything)} | header, lambda size, at: everything[at : at + size])


def test_a_portion_is_read_as_it_was_told() -> None:
    found = read_portion(told([[3, "a", 2, None], [5, "b", 0, "LOCKED"], [6, "c", 1, None]], b"xyz"), 3, Unpacking())
    assert found == [Unpacked(3, "a", b"xy"), Unpacked(5, "b", b"", Reason.LOCKED), Unpacked(6, "c", b"z")]


@pytest.mark.parametrize(
    "answer",
    [
        told([]),
        told({}),
        told(b"[[[" * 9999),
        told([[2, "a", 0, None]]),
        told([[3, "a", 0, None], [3, "b", 0, None]]),
        told([[9999, "a", 0, None]]),
        told([[3.0, "a", 0, None]]),
        told([[3, 7, 0, None]]),
        told([[3, "a" * 1001, 0, None]]),
        told([[3, "a\x00", 0, None]]),
        told([[3, "a", 1, None]]),
        told([[3, "a", -1, None]]),
        told([[3, "a", 1, None]], b"xy"),
        told([[3, "a", 1, "LOCKED"]], b"x"),
        told([[3, "a", 0, "some text"]]),
        told([[3, "a", 0]]),
        told([[place, "a", 0, None] for place in range(3, 300)]),
        told([[3, "a", 0, None]], index="1"),
        told([[3, "a", 0, None]], index=1 << 40, bytes=1 << 41),
    ],
)
def test_any_other_portion_is_nonsense(answer: Told) -> None:
    with pytest.raises(Nonsense):
        read_portion(answer, 3, Unpacking())


def test_the_end_is_said_plainly() -> None:
    assert [answers.read_ended(told([], ended=each), Limits()) for each in (True, False, 1, None)] == [True, False, None, None]
