from __future__ import annotations

import io
import json
from typing import Any

import pytest

from grace.exchange.pack import spelled_report
from grace.exchange.part import Part, check, choose, is_sound, of
from grace.intake.canonical import canonical
from grace.intake.formats.handover import FORMAT
from grace.intake.formats.lea_json import FORMAT as LEA_JSON
from grace.kernel.errors import Invalid
from grace.sdk.testing import package
from tests.support.deliveries import sample

SAMPLES = [f"d{number}" for number in range(1, 9)]
_OURS = ("format", "documents")
"""What a hand-over says in words of its own, beside the sender and the facts that name both agencies."""


def said(name: str) -> dict[str, Any]:
    (reading,) = LEA_JSON.read(package({"report.json": sample(name)}))
    return json.loads(json.dumps(canonical(reading)))  # type: ignore[no-any-return]  # JSON


def read_again(report: dict[str, Any]) -> dict[str, Any]:
    (reading,) = FORMAT.read(package({"referral.json": spelled_report("Example Police North", "DE", report)}))
    return json.loads(json.dumps(canonical(reading)))  # type: ignore[no-any-return]  # JSON


@pytest.mark.parametrize("name", SAMPLES)
def test_a_whole_referral_says_the_same_at_the_other_agency(name: str) -> None:
    before, after = said(name), read_again(choose(said(name), Part()))
    assert after["referral"].pop("sender") == "Example Police North"
    facts = after["referral"].pop("facts")
    assert facts.pop("original_sender", "") == (before["referral"].pop("sender") or "")
    assert facts.pop("handed_over_by") == "Example Police North"
    assert facts == before["referral"].pop("facts")
    for word in _OURS:
        del before[word], after[word]
    assert after == before


@pytest.mark.parametrize("name", SAMPLES)
def test_a_part_says_nothing_of_what_was_left_out(name: str) -> None:
    before = said(name)
    if len(before["persons"]) < 2:
        pytest.skip("one person only")
    part = choose(before, Part(persons=frozenset({1}), files=frozenset(), incident=False))
    assert is_sound(part)
    assert len(part["persons"]) == 1
    assert part["attachments"] == []
    told = json.dumps(part)
    for sighting in before["sightings"]:
        if sighting["person"] == 1 or any(sighting["value"] == each["value"] and each["person"] == 1 for each in before["sightings"]):
            continue
        assert sighting["value"] not in told or len(sighting["value"]) < 4
    after = read_again(part)
    assert [each["person"] for each in after["sightings"]] == [0] * len(after["sightings"])
    assert after["persons"][0]["fields"] == before["persons"][1]["fields"]


def test_choosing_everything_is_the_whole() -> None:
    part = check(Part(persons=frozenset({0, 1}), files=frozenset({0})), 2, 1)
    assert part.is_all
    assert part.word == "whole"
    assert of(part.to_store()) == part


def test_what_is_not_there_cannot_be_chosen() -> None:
    for wrong in (Part(persons=frozenset({2})), Part(persons=frozenset(), files=frozenset(), incident=False)):
        with pytest.raises(Invalid):
            check(wrong, 2, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"persons": [{"ordinal": 1}]},
        {"persons": None},
        {"sightings": [{"person": 9, "attachment": None}]},
        {"sightings": [{"person": True, "attachment": None}]},
        {"sightings": [{}]},
        {"attachments": [{"ordinal": 0, "digests": {"md5": 5}}]},
        {"referral": {}},
        {"more": []},
    ],
)
def test_a_form_that_points_nowhere_is_not_sound(change: dict[str, Any]) -> None:
    sound = choose(said("d1"), Part())
    assert is_sound(sound)
    assert not is_sound({**sound, **change})
    assert io.BytesIO(spelled_report("x", "DE", sound)).read()
