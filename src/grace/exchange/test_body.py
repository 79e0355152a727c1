from __future__ import annotations

import io
import os
import uuid
from pathlib import Path

import pytest

from grace.agencies.keys import PrivateKeys, read_private
from grace.exchange.body import OVERHEAD, RECORD, opened, plain_size, seal
from grace.exchange.errors import Rejected
from tests.support.agencies import write_key

PACKAGE = uuid.uuid4()
SIZES = [0, 1, RECORD - 1, RECORD, RECORD + 1, 2 * RECORD + 17]


@pytest.fixture
def keys(tmp_path: Path) -> PrivateKeys:
    write_key(tmp_path / "a.key", uuid.uuid4())
    return read_private((tmp_path / "a.key").read_bytes())


def sealed(plain: bytes, keys: PrivateKeys, package: uuid.UUID = PACKAGE) -> bytes:
    return b"".join(seal(io.BytesIO(plain), keys.public.sealing_key(), package))


def opened_again(body: bytes, *keys: PrivateKeys, package: uuid.UUID = PACKAGE) -> bytes:
    with opened(io.BytesIO(body), len(body), package, keys) as stream:
        return stream.read()


@pytest.mark.parametrize("size", SIZES)
def test_comes_back_as_it_went_in(size: int, keys: PrivateKeys) -> None:
    plain = os.urandom(size)
    body = sealed(plain, keys)
    assert plain_size(len(body)) == size
    assert opened_again(body, keys) == plain


def test_the_overhead_is_what_hpke_adds(keys: PrivateKeys) -> None:
    assert len(sealed(b"", keys)) == OVERHEAD


def test_an_earlier_key_still_opens_and_a_stranger_opens_nothing(keys: PrivateKeys, tmp_path: Path) -> None:
    write_key(tmp_path / "b.key", uuid.uuid4())
    other = read_private((tmp_path / "b.key").read_bytes())
    body = sealed(b"content", keys)
    assert opened_again(body, other, keys) == b"content"
    with pytest.raises(Rejected) as refused:
        opened_again(body, other)
    assert refused.value.code == "not-for-our-key"


def test_records_cannot_be_changed_cut_off_moved_or_repeated(keys: PrivateKeys) -> None:
    step = RECORD + OVERHEAD
    body = sealed(os.urandom(2 * RECORD + 5), keys)
    first, second, third = body[:step], body[step : 2 * step], body[2 * step :]
    changed = bytearray(body)
    changed[step + 2_000] ^= 1
    for wrong in (first + second, second + first + third, first + first + third, bytes(changed), body + b"x", body[:-1], first + third):
        with pytest.raises(Rejected):
            opened_again(wrong, keys)


def test_a_body_does_not_pass_for_another_package(keys: PrivateKeys) -> None:
    with pytest.raises(Rejected):
        opened_again(sealed(b"content", keys), keys, package=uuid.uuid4())


def test_any_place_can_be_read(keys: PrivateKeys) -> None:
    plain = os.urandom(2 * RECORD + 100)
    body = sealed(plain, keys)
    with opened(io.BytesIO(body), len(body), PACKAGE, [keys]) as stream:
        for at in (RECORD - 5, 2 * RECORD + 90, 0, RECORD):
            stream.seek(at)
            assert stream.read(10) == plain[at : at + 10]
        assert stream.seek(-3, os.SEEK_END) == len(plain) - 3
        assert stream.read() == plain[-3:]


@pytest.mark.parametrize("length", [0, 1, OVERHEAD - 1, RECORD + OVERHEAD + 1])
def test_a_length_that_no_body_has_is_refused(length: int) -> None:
    with pytest.raises(Rejected):
        plain_size(length)


def test_no_plain_byte_shows_and_nothing_looks_the_same_twice(keys: PrivateKeys) -> None:
    plain = b"A sentence that must be found nowhere." * 40_000
    bodies = sealed(plain, keys), sealed(plain, keys)
    assert bodies[0] != bodies[1]
    assert not any(plain[at : at + 8] in bodies[0] for at in range(40))
