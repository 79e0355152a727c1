from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grace.kernel.text import LONGEST_KEY, short


@given(st.text(max_size=600), st.text(max_size=600))
def test_one_text_has_one_short_key_and_two_have_two(one: str, other: str) -> None:
    assert len(short(one)) <= LONGEST_KEY
    assert (short(one) == short(other)) == (one == other)


def test_short_texts_stay_as_they_are() -> None:
    assert short("210000001") == "210000001"
