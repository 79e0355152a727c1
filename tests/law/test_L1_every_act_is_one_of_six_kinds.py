"""L1, Directive (EU) 2016/680, Article 25(1): six kinds of processing are logged, and code says which it does."""

import pytest

from grace.custody.declare import declares, kinds_of, nothing_personal
from grace.custody.ledger import Kind, Line
from grace.kernel.errors import Invalid
from tests.support.ledgers import ALICE


def test_law_L1_the_kinds_are_those_of_the_directive() -> None:
    assert set(Kind) == {"COLLECTION", "ALTERATION", "CONSULTATION", "DISCLOSURE", "COMBINATION", "ERASURE"}


def test_law_L1_an_entry_of_another_kind_is_refused() -> None:
    with pytest.raises(Invalid, match="kind"):
        Line("READING", "referral.read", ALICE)  # type: ignore[arg-type]


def test_law_L1_what_declares_nothing_is_told_from_what_shows_nothing_personal() -> None:
    def forgotten() -> None:
        """A route that nobody thought about: the walk over all routes fails for it."""

    @nothing_personal
    def health() -> None:
        """A route without personal data."""

    @declares(Kind.CONSULTATION)
    def queue() -> None:
        """A list that shows personal data."""

    assert (kinds_of(forgotten), kinds_of(health), kinds_of(queue)) == (None, frozenset(), frozenset({Kind.CONSULTATION}))
