from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from grace.analysis.register.calibrate import precision, scores, wilson
from grace.analysis.register.passport import MOST_BYTES, Counts, Platt, Temperature, passport_schema, read_passport, write_passport
from grace.kernel.errors import Invalid
from grace.sdk.models import TextInput
from tests.support.models import graph, passport, with_labels

PASSPORT = passport(graph())


def told() -> dict[str, Any]:
    entries: dict[str, Any] = json.loads(write_passport(PASSPORT))
    return entries


def test_a_passport_is_read_as_it_was_written_and_its_schema_agrees() -> None:
    of_text = replace(PASSPORT, input=TextInput("text", 4096, 2, 4), calibration=Platt("platt", (1.0, 2.0, 3.0), (0.0, 0.0, -1.0)))
    for each in (PASSPORT, of_text):
        raw = write_passport(each)
        assert read_passport(raw) == each
        jsonschema.Draft202012Validator(passport_schema()).validate(json.loads(raw))


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        ("name", "Not A Name", "$.name"),
        ("name", "x" * 41, "$.name"),
        ("made_at", "yesterday", "$.made_at"),
        ("made_at", "2026-13-40T00:00:00Z", "$.made_at"),
        ("format_version", 2, "$.format_version"),
        ("format_version", True, "$.format_version"),
        ("input", {"kind": "sound"}, "$.input.kind"),
        ("input", [], "$.input.kind"),
        ("labels", [], "$.labels"),
        ("labels", [{}], "$.labels[0].name"),
        ("cost", "cheap", "$.cost"),
        ("card", None, "$.card"),
        ("calibration", {"kind": "temperature", "value": 0}, "$.calibration.value"),
        ("calibration", {"kind": "temperature", "value": 1, "more": 1}, "members"),
        ("calibration", {"kind": "platt", "scale": [1.0], "offset": [0.0]}, "one scale"),
    ],
)
def test_what_is_no_passport_is_refused_with_its_place(place: str, value: object, why: str) -> None:
    wrong = told() | {place: value}
    with pytest.raises(Invalid, match="no passport") as refused:
        read_passport(json.dumps(wrong).encode())
    assert why in refused.value.message


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{", b'{"a": 1, "a": 2}', b'{"format": NaN}', b"\xff", b'"' + b"x" * MOST_BYTES, b"[" * 100_000]
)
def test_hostile_texts_are_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        read_passport(raw)


@pytest.mark.parametrize("term", ["person.ethnicity", "age", "nationality", "victim.religion"])
def test_no_model_speaks_of_what_the_law_denies(term: str) -> None:
    with pytest.raises(ValueError, match="Article 5"):
        with_labels(PASSPORT, term=term)


def test_labels_are_told_apart_and_measured() -> None:
    with pytest.raises(ValueError, match="one name"):
        with_labels(PASSPORT, name="green")
    with pytest.raises(ValueError, match="does not measure"):
        replace(PASSPORT, card=replace(PASSPORT.card, slices=PASSPORT.card.slices[1:]))


def test_a_card_without_its_texts_is_no_card() -> None:
    for name in ("purpose", "limits", "training_data", "held_out_data", "licence_of_data", "trained_by"):
        wrong = told()
        wrong["card"][name] = ""
        with pytest.raises(Invalid, match="no passport"):
            read_passport(json.dumps(wrong).encode())


def test_scores_are_calibrated() -> None:
    warm = replace(PASSPORT, calibration=Temperature("temperature", 2.0))
    sharp, soft = scores(PASSPORT, (4.0, 0.0, 0.0)), scores(warm, (4.0, 0.0, 0.0))
    assert sharp[0] > soft[0] > 0.5
    assert sum(sharp) == pytest.approx(1)
    each = replace(PASSPORT, calibration=Platt("platt", (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)))
    assert scores(each, (0.0, 800.0, -800.0)) == (0.5, 1.0, 0.0)
    for wrong in ((1.0, 2.0), (1.0, 2.0, float("nan")), (1.0, 2.0, float("inf"))):
        with pytest.raises(ValueError, match="finite"):
            scores(PASSPORT, wrong)


def test_intervals_are_wilsons() -> None:
    share = wilson(90, 100)
    assert (round(share.low, 4), round(share.high, 4)) == (0.8256, 0.9448)
    assert wilson(0, 0).value is None
    assert wilson(0, 10).low == 0
    assert wilson(10, 10).high == pytest.approx(1)
    assert precision(Counts(9, 1, 5, 5)).value == 0.9
