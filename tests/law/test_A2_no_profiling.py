"""No rule or signal rests on what a person is rather than on what was done (AI Act Art. 5(1)(d), (g))."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from grace.kernel import clock
from grace.kernel.errors import Invalid
from grace.priority import assess as assessing
from grace.priority import rule_faults
from grace.priority.assess import InForce
from grace.priority.rules import base_rules, read_rules
from grace.sdk import signals
from grace.sdk.signals import DENIED, KINDS, Basis, Signal, SignalKind, is_denied

NAMES = [
    name for word in sorted(DENIED) for name in (f"person.{word}", f"person.reported_{word}", f"{word}.count", f"contact.{word}_stated")
]


def body_with(**changes: Any) -> dict[str, Any]:
    line = {"id": "x", "axis": "urgency", "points": 5, "text": "x", "when": [{"signal": "sender.bundled", "is": True}], **changes}
    return {**base_rules(), "rules": [line]}


@pytest.mark.parametrize("name", NAMES)
def test_a_denied_signal_cannot_be_published(name: str) -> None:
    with pytest.raises(ValueError, match="may not be a signal"):
        signals._kinds(SignalKind(name, int, "an invented kind"))


@pytest.mark.parametrize("name", NAMES)
def test_a_denied_signal_cannot_stand_in_a_rule_even_if_a_plug_in_published_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_faults, "KINDS", {**KINDS, name: SignalKind(name, int, "an invented kind")})
    for changes in ({"when": [{"signal": name, "at_least": 1}]}, {"when": [{"signal": name, "absent": False}]}, {"each": name, "up_to": 9}):
        with pytest.raises(Invalid):
            read_rules(body_with(**changes))


@pytest.mark.parametrize("name", NAMES)
def test_a_denied_signal_is_not_taken_in(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessing, "KINDS", {**KINDS, name: SignalKind(name, int, "an invented kind")})
    in_force = InForce(uuid4(), 1, read_rules(base_rules()))
    with pytest.raises(ValueError, match="not a published signal"):
        assessing.assess({uuid4(): [Signal(name, 1, Basis.REPORTED, "test")]}, in_force, clock.now())


def test_no_published_kind_is_denied_and_the_base_rules_use_published_ones() -> None:
    assert not [name for name in KINDS if is_denied(name)]
    base = read_rules(base_rules())
    conditions = [*(line.when for line in base.rules), *(line.when for line in base.floors)]
    assert {each.signal for when in conditions for each in when} <= set(KINDS)


def test_the_age_of_an_event_is_not_the_age_of_a_person() -> None:
    assert not is_denied("incident.age_days")
    assert is_denied("person.age_days")
    assert is_denied("person.date_of_birth")
    assert not is_denied("file.language_pages")
