from __future__ import annotations

from grace.routing.propose import Verdict, recipients
from grace.routing.weights import plain_field, weights
from grace.routing.words import EUROPOL, Criterion, Proposal

WEIGHTS = weights()


def proposal(state: str, confidence: float, criterion: Criterion = Criterion.SUSPECT) -> Proposal:
    return Proposal(state, criterion, confidence, ())


def test_nothing_known_goes_to_europol() -> None:
    assert recipients([], [], WEIGHTS) == [EUROPOL]
    assert recipients([proposal("AT", WEIGHTS.propose_at - 0.01)], [], WEIGHTS) == [EUROPOL]


def test_several_states_are_concerned() -> None:
    assert recipients([proposal("FR", 0.9), proposal("AT", 0.3)], [], WEIGHTS) == ["AT", "FR"]


def test_a_state_outside_the_union_is_named_and_europol_told() -> None:
    assert recipients([proposal("US", 0.9)], [], WEIGHTS) == ["US", EUROPOL]
    assert recipients([proposal("US", 0.9), proposal("AT", 0.9)], [], WEIGHTS) == ["AT", "US"]


def test_the_establishment_of_the_sender_concerns_no_state() -> None:
    assert recipients([proposal("IE", 0.9, Criterion.ESTABLISHMENT)], [], WEIGHTS) == [EUROPOL]


def test_an_officers_word_stands_above_proposals() -> None:
    sure = [proposal("AT", 0.99)]
    assert recipients(sure, [Verdict("AT", concerned=False)], WEIGHTS) == [EUROPOL]
    assert recipients(sure, [Verdict("FR", concerned=True)], WEIGHTS) == ["AT", "FR"]
    assert recipients(sure, [Verdict(EUROPOL, concerned=True)], WEIGHTS) == ["AT", EUROPOL]
    assert recipients([], [Verdict(EUROPOL, concerned=False)], WEIGHTS) == [EUROPOL]


def test_fields_are_known_whatever_their_number() -> None:
    assert plain_field("address_2_country") == plain_field("address_country_3") == "address_country"
    assert plain_field("estimated_location_country_code") == "estimated_location_country_code"
