"""Laws of routing: the order of evidence says nothing, more of it never makes its own state less sure, and confidences are shares."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import permutations, product
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from grace.routing.combine import combine
from grace.routing.countries import country_at_end, country_of, country_of_zone, states
from grace.routing.phones import country_of_phone
from grace.routing.propose import recipients
from grace.routing.weights import weights
from grace.routing.words import EUROPOL, Criterion, Evidence, Mark, Matter, Proposal

WEIGHTS = weights()
STATES = ("AT", "DE", "FR", "US")
T = TypeVar("T")


def in_order(of: Iterable[T], fewest: int, most: int) -> list[tuple[T, ...]]:
    """So many of them in any order, and each number of them as often as any other."""
    found = [list(permutations(of, number)) for number in range(fewest, most + 1)]
    longest = max(map(len, found))
    return [each for some in found for each in some * (longest // len(some))]


MARKS, ALONE, WIDE = in_order(Mark, 0, 2), in_order(STATES, 1, 1), in_order(STATES, 1, 3)
WHOM = list(product(Criterion, (None, 0, 1, 2), range(4)))
WHAT = [
    what
    for matter in sorted(Matter)
    for what in product([matter], MARKS, ALONE * (len(WIDE) // len(ALONE)) if matter in WEIGHTS.alone else WIDE)
]


def piece(whom: tuple[Criterion, int | None, int], what: tuple[Matter, tuple[Mark, ...], tuple[str, ...]]) -> Evidence:
    """Any piece that the reader of reports could make; of two draws only, since each is dear."""
    (criterion, person, place), (matter, told, named) = whom, what
    return Evidence(criterion, person, matter, named, WEIGHTS.of(matter, told), f"$[{place}]", told)


evidences = st.lists(st.builds(piece, st.sampled_from(WHOM), st.sampled_from(WHAT)), max_size=12)


def sure(found: tuple[Proposal, ...]) -> dict[tuple[str, Criterion], float]:
    return {(each.state, each.criterion): each.confidence for each in found}


@given(evidences, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_evidence_does_not_matter(evidence: list[Evidence], chance: random.Random) -> None:
    shuffled = list(evidence)
    chance.shuffle(shuffled)
    assert combine(shuffled, WEIGHTS) == combine(evidence, WEIGHTS)


@given(evidences)
@settings(max_examples=300, deadline=None)
def test_a_confidence_is_a_share_and_stands_once(evidence: list[Evidence]) -> None:
    found = combine(evidence, WEIGHTS)
    assert all(WEIGHTS.show_at <= each.confidence <= 1 and each.reasons for each in found)
    assert len(sure(found)) == len(found)


@given(evidences, st.data())
@settings(max_examples=500, deadline=None)
def test_taking_evidence_away_makes_its_own_state_no_surer_and_others_only_where_it_contradicted_them(
    evidence: list[Evidence], data: st.DataObject
) -> None:
    if not evidence:
        return
    gone = data.draw(st.sampled_from(evidence))
    left = list(evidence)
    left.remove(gone)
    before, after = sure(combine(evidence, WEIGHTS)), sure(combine(left, WEIGHTS))
    for (state, criterion), confidence in after.items():
        # A language of several states speaks for each of them, and so against each of the others too.
        contradicted = gone.person is not None and criterion == gone.criterion and bool(set(gone.states) - {state})
        if not contradicted:
            assert confidence <= before.get((state, criterion), 0.0) + 1e-9


@given(evidences, st.data())
@settings(max_examples=300, deadline=None)
def test_saying_the_same_twice_says_no_more(evidence: list[Evidence], data: st.DataObject) -> None:
    if evidence:
        again = data.draw(st.sampled_from(evidence))
        assert sure(combine([*evidence, again], WEIGHTS)) == sure(combine(evidence, WEIGHTS))


@given(evidences)
@settings(max_examples=200, deadline=None)
def test_every_referral_has_a_recipient(evidence: list[Evidence]) -> None:
    found = recipients(combine(evidence, WEIGHTS), [], WEIGHTS)
    assert found
    assert len(set(found)) == len(found)
    assert set(found) <= {*STATES, EUROPOL}
    assert EUROPOL in found or set(found) & {"AT", "DE", "FR"}


@given(st.text(max_size=300))
@settings(max_examples=500, deadline=None)
def test_whatever_stands_there_is_a_state_or_none(text: str) -> None:
    for found in (country_of(text), country_at_end(text), country_of_zone(text), country_of_phone(text), country_of_phone(f"+{text}")):
        assert found is None or found in states()
