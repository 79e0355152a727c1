from __future__ import annotations

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.evidence.errors import Tampered
from grace.evidence.vault.frames import FRAME, HEAD, TAG, Frames, encrypt, frames_of, stored_size
from grace.kernel.ids import new_id

KEY = bytes(range(32))
OBJECT = new_id()
SIZES = st.sampled_from([0, 1, 15, 16, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 2 * FRAME + 17])


def _stored(plain: bytes) -> bytes:
    return b"".join(encrypt(KEY, OBJECT, (plain[start : start + FRAME] for start in range(0, len(plain), FRAME))))


def _plain(stored: bytes, size: int) -> bytes:
    frames = Frames(KEY, OBJECT, size, io.BytesIO(stored))
    return b"".join(frames.frame(number) for number in range(frames_of(size)))


@given(size=SIZES)
@settings(max_examples=9, deadline=None)
def test_comes_back_as_it_went_in(size: int) -> None:
    plain = os.urandom(size)
    stored = _stored(plain)
    assert len(stored) == stored_size(size)
    assert _plain(stored, size) == plain


@given(place=st.integers(0, stored_size(300) - 1), bit=st.integers(0, 7))
@settings(deadline=None)
def test_any_flipped_bit_is_found(place: int, bit: int) -> None:
    stored = bytearray(_stored(bytes(300)))
    stored[place] ^= 1 << bit
    with pytest.raises(Tampered):
        _plain(bytes(stored), 300)


def test_frames_cannot_be_cut_off_moved_or_repeated() -> None:
    size = 3 * FRAME
    stored = _stored(os.urandom(size))
    head, step = stored[:HEAD], FRAME + TAG
    first, second, third = (stored[HEAD + step * number : HEAD + step * (number + 1)] for number in range(3))
    for wrong, claimed in (
        (head + first + second, 2 * FRAME),
        (head + second + first + third, size),
        (head + first + first + third, size),
        (head + first + second, size),
        (stored + b"x", size),
    ):
        with pytest.raises(Tampered):
            _plain(wrong, claimed)


def test_bytes_do_not_pass_for_another_object() -> None:
    stored = _stored(b"content")
    with pytest.raises(Tampered):
        Frames(KEY, new_id(), 7, io.BytesIO(stored)).frame(0)


def test_the_same_content_never_looks_the_same() -> None:
    assert _stored(b"content") != _stored(b"content")
