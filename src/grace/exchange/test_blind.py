"""The blinded questions, against the RFC's own vectors and by their laws."""

from __future__ import annotations

import pytest
import rbcl
from hypothesis import given
from hypothesis import strategies as st

from grace.exchange import blind
from grace.kernel.errors import Invalid

SEED = b"\xa3" * 32
KEY = bytes.fromhex("5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e")
FACTOR = bytes.fromhex("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706")
VECTORS = [  # RFC 9497, A.1.1: input, blinded element, evaluation element, output
    (
        "00",
        "609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c",
        "7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e",
        "527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6",
    ),
    (
        "5a" * 17,
        "da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418",
        "b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25",
        "f4a74c9c592497375e796aa837e907b1a045d34306a749db9f34221f7e750cb4f2a6413a6bf6fa5e19ba6348eb673934a722a7ede2e7621306d18951e7cf2c73",
    ),
]


def test_the_key_is_the_rfcs() -> None:
    assert blind.derive_key(SEED, b"test key") == KEY


@pytest.mark.parametrize(("subject", "element", "evaluated", "output"), VECTORS)
def test_every_step_is_the_rfcs(subject: str, element: str, evaluated: str, output: str) -> None:
    asked = blind.blind(bytes.fromhex(subject), FACTOR)
    assert asked.element.hex() == element
    assert blind.evaluate(KEY, asked.element).hex() == evaluated
    assert blind.unblind(asked, bytes.fromhex(evaluated)).hex() == output
    assert blind.value(KEY, bytes.fromhex(subject)).hex() == output


@given(subject=st.binary(max_size=300), seed=st.binary(min_size=32, max_size=32), info=st.binary(max_size=40))
def test_the_answer_is_the_holders_value_and_the_question_tells_nothing(subject: bytes, seed: bytes, info: bytes) -> None:
    key = blind.derive_key(seed, info)
    asked, again = blind.blind(subject), blind.blind(subject)
    assert asked.element != again.element  # the same subject, asked twice, looks like two
    assert blind.unblind(asked, blind.evaluate(key, asked.element)) == blind.value(key, subject)


@given(subjects=st.sets(st.binary(max_size=20), max_size=8), other=st.binary(max_size=20))
def test_a_tag_is_found_exactly_where_the_subject_is(subjects: set[bytes], other: bytes) -> None:
    found = set(blind.tags(KEY, subjects))
    assert len(found) == len(subjects)
    assert (blind.tag(blind.value(KEY, other)) in found) == (other in subjects)


@given(st.binary(max_size=64).filter(lambda raw: len(raw) != blind.ELEMENT_BYTES))
def test_what_has_another_length_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid, match="no element"):
        blind.evaluate(KEY, raw)


@given(st.binary(min_size=32, max_size=32))
def test_bytes_that_are_no_element_are_refused_and_others_are_answered(raw: bytes) -> None:
    """About one of sixteen strings of 32 bytes is an element; which one is libsodium's to say."""
    if rbcl.crypto_core_ristretto255_is_valid_point(raw) and any(raw):
        assert len(blind.evaluate(KEY, raw)) == blind.ELEMENT_BYTES
    else:
        with pytest.raises(Invalid, match="no element"):
            blind.evaluate(KEY, raw)


def test_the_neutral_element_and_what_is_too_long_are_refused() -> None:
    with pytest.raises(Invalid, match="no element"):
        blind.evaluate(KEY, bytes(32))
    with pytest.raises(Invalid, match="too long"):
        blind.blind(b"x" * 70_000)
