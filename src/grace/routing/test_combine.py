from __future__ import annotations

import pytest

from grace.routing.combine import combine
from grace.routing.weights import weights
from grace.routing.words import Criterion, Evidence, Mark, Matter, Proposal

WEIGHTS = weights()


def piece(
    state: str, matter: Matter = Matter.NETWORK, person: int | None = 0, *marks: Mark, criterion: Criterion = Criterion.SUSPECT
) -> Evidence:
    return Evidence(criterion, person, matter, (state,), WEIGHTS.of(matter, marks), f"$.{matter}", marks)


def confidence(found: tuple[Proposal, ...], state: str) -> float:
    return max((each.confidence for each in found if each.state == state), default=0.0)


def test_a_version_of_before_a_mark_gives_it_no_voice() -> None:
    assert weights("first-1").of(Matter.ADDRESS, (Mark.CODE_ALONE,)) == 0
    assert weights("first-1").of(Matter.ADDRESS) == WEIGHTS.of(Matter.ADDRESS)


def test_nothing_speaks_for_nothing() -> None:
    assert combine([], WEIGHTS) == ()


def test_one_piece_is_as_sure_as_its_weight() -> None:
    (found,) = combine([piece("AT")], WEIGHTS)
    assert (found.state, found.criterion, found.confidence) == ("AT", Criterion.SUSPECT, WEIGHTS.kinds[Matter.NETWORK])


def test_kinds_add_up_and_a_hundred_of_one_kind_are_one() -> None:
    one, many = combine([piece("AT")], WEIGHTS), combine([piece("AT")] * 100, WEIGHTS)
    assert confidence(one, "AT") == confidence(many, "AT")
    assert many[0].reasons[0].count == 100
    both = combine([piece("AT"), piece("AT", Matter.PHONE)], WEIGHTS)
    assert confidence(both, "AT") == pytest.approx(1 - 0.25 * 0.25)


def test_a_contradiction_lowers_both_and_lists_both() -> None:
    found = combine([piece("AT", Matter.PHONE), piece("FR")], WEIGHTS)
    assert {each.state for each in found} == {"AT", "FR"}
    assert confidence(found, "AT") < WEIGHTS.kinds[Matter.PHONE]
    assert confidence(found, "FR") < WEIGHTS.kinds[Matter.NETWORK]
    for each in found:
        assert {reason.for_state for reason in each.reasons} == {"AT", "FR"}
        assert each.confidence >= WEIGHTS.propose_at


def test_a_relay_barely_contradicts_and_concerns_nobody() -> None:
    found = combine([piece("AT", Matter.ADDRESS), piece("NL", Matter.NETWORK, 0, Mark.HOSTING)], WEIGHTS)
    assert confidence(found, "AT") > 0.8
    assert confidence(found, "NL") < WEIGHTS.propose_at


def test_a_proxy_alone_is_too_little_to_propose() -> None:
    assert confidence(combine([piece("NL", Matter.NETWORK, 0, Mark.PROXY)], WEIGHTS), "NL") < WEIGHTS.propose_at


def test_several_persons_behind_one_relay_are_no_surer_than_one() -> None:
    found = combine([piece("NL", Matter.NETWORK, person, Mark.HOSTING) for person in range(25)], WEIGHTS)
    assert confidence(found, "NL") < WEIGHTS.propose_at


def test_persons_in_different_states_do_not_contradict_each_other() -> None:
    found = combine([piece("AT", person=0), piece("FR", person=1)], WEIGHTS)
    assert confidence(found, "AT") == confidence(found, "FR") == WEIGHTS.kinds[Matter.NETWORK]


def test_an_incident_may_happen_in_several_states() -> None:
    found = combine([piece("AT", person=None, criterion=Criterion.OFFENCE), piece("FR", person=None, criterion=Criterion.OFFENCE)], WEIGHTS)
    assert confidence(found, "AT") == confidence(found, "FR") == WEIGHTS.kinds[Matter.NETWORK]


@pytest.mark.parametrize("matter", [Matter.LANGUAGE, Matter.TIME_ZONE])
def test_a_language_or_a_zone_adds_to_a_state_and_proposes_none(matter: Matter) -> None:
    wide = Evidence(Criterion.SUSPECT, 0, matter, ("AT", "DE"), WEIGHTS.kinds[matter], "$")
    assert combine([wide], WEIGHTS) == ()
    found = combine([wide, piece("AT")], WEIGHTS)
    assert {each.state for each in found} == {"AT"}
    assert confidence(found, "AT") > WEIGHTS.kinds[Matter.NETWORK]


def test_the_surest_stands_first() -> None:
    found = combine([piece("FR", Matter.ADDRESS, 1), piece("AT", Matter.PHONE, 0)], WEIGHTS)
    assert [each.state for each in found] == ["FR", "AT"]
