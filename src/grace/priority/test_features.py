from __future__ import annotations

import pytest

from grace.priority.axes import Axis
from grace.priority.features import JUDGED, feature, of_terms, valued, without_terms
from grace.priority.words import FEATURES
from grace.sdk.signals import DENIED, KINDS, Basis, Signal, is_denied


def test_every_published_kind_is_judged_and_has_words() -> None:
    assert set(JUDGED) == set(KINDS) == set(FEATURES)


def test_what_is_known_or_everywhere_stands_on_novelty_and_never_raises() -> None:
    kinds = {"file.known_count", "file.near_count", "file.negative_count", "file.common_count", "group.viral", "group.duplicate"}
    assert {JUDGED[each] for each in kinds} == {(Axis.NOVELTY, -1)}


@pytest.mark.parametrize("word", sorted(DENIED))
def test_what_is_denied_is_no_feature(word: str) -> None:
    for name in (f"person.{word}", f"file.class={word}", f"text.class=person.{word}.known", word):
        with pytest.raises(ValueError, match="not a feature"):
            feature(name)
    told = [{f"file.class={word}": 1.0}] * 50
    assert of_terms(told, 20) == []
    assert not any(is_denied(each.kind) for each in without_terms())


def test_terms_are_asked_for_where_they_are_said_often_enough() -> None:
    told = [{"incident.type=enticement": 1.0}] * 20 + [{"incident.type=other": 1.0}] * 19
    assert [each.name for each in of_terms(told, 20)] == ["incident.type=enticement"]


def test_values_add_up_as_for_rules_and_what_officers_said_is_left_out() -> None:
    signals = [
        Signal("file.known_count", 2, Basis.OBSERVED, "a"),
        Signal("file.known_count", 3, Basis.OBSERVED, "b"),
        Signal("ip.newest_age_days", 9.5, Basis.REPORTED, "a"),
        Signal("ip.newest_age_days", 0.5, Basis.REPORTED, "b"),
        Signal("sender.escalated", False, Basis.REPORTED, "a"),
        Signal("sender.escalated", True, Basis.REPORTED, "b"),
        Signal("sender.annotated", "sextortion", Basis.REPORTED, "a"),
        Signal("person.victim_count", 4, Basis.OFFICER, "a"),
    ]
    assert valued(signals) == {
        "file.known_count": 5.0,
        "ip.newest_age_days": 0.5,
        "sender.escalated": 1.0,
        "sender.annotated=sextortion": 1.0,
    }
