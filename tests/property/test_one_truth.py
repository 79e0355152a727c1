"""One report, many documents: the same facts from each, and every planted difference found, in its field and no other."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import pytest

from grace.intake.differ import carries, common, contradictions
from grace.intake.said import as_bytes, said
from grace.sdk.fields import FIELDS
from grace.simulate.forms import CHANGES, plant
from grace.simulate.plan import Form
from grace.simulate.referral import Referral
from tests.support.truths import READERS, readable, reports, told

SEEDS = range(1, 9)
FIXED = frozenset({"report.issuer", "report.number"})
"""What names a report: with another issuer or number it is another report."""
PLACES = frozenset({"report.identifiers", "file.identifiers", "person.recipient", "person.victim", "person.sender", "person.associated"})
"""Not statements, but places for them."""
ENTANGLED = {"file.uploaded_at": {"ip.at"}}
"""An upload in this world is the moment of the address that it came by: one is planted with the other."""


def test_the_formats_of_this_branch_are_covered() -> None:
    assert {READERS[form] for form in readable()} >= {"lea-json", "cybertipline-xml", "ncmec-pdf", "mail", "grace-json"}


@pytest.fixture(scope="module")
def written() -> list[Referral]:
    return [referral for seed in SEEDS for referral in reports(seed, 8)]


@pytest.fixture(scope="module")
def documents(written: list[Referral]) -> list[dict[Form, dict[str, Any]]]:
    return [{form: told(referral, form) for form in readable()} for referral in written]


def test_every_form_gives_the_same_facts_byte_for_byte(documents: list[dict[Form, dict[str, Any]]]) -> None:
    for spoken in documents:
        for one, other in combinations(spoken.values(), 2):
            within = common(one["format"], other["format"])
            facts = said(one, within), said(other, within)
            differing = {field: [each.get(field) for each in facts] for field in within if facts[0].get(field) != facts[1].get(field)}
            assert differing == {}, (one["format"], other["format"])
            assert as_bytes(facts[0]) == as_bytes(facts[1])
            assert contradictions(one, other) == []


def test_every_field_that_a_format_carries_is_stated_somewhere(documents: list[dict[Form, dict[str, Any]]]) -> None:
    """Else the two tests beside this one would show nothing of it."""
    for form in readable():
        stated = {field for spoken in documents for field in said(spoken[form], frozenset(FIELDS))}
        assert carries(READERS[form]) - stated - PLACES == set(), form


def test_a_planted_difference_is_listed_in_its_field(written: list[Referral], documents: list[dict[Form, dict[str, Any]]]) -> None:
    planted: Counter[tuple[Form, Form, str]] = Counter()
    for referral, spoken in zip(written, documents, strict=True):
        for field in CHANGES:
            _plant(referral, field, spoken, planted)
    for one, other in combinations(readable(), 2):
        within = common(READERS[one], READERS[other]) - FIXED - PLACES
        assert {field for field in within if not planted[one, other, field]} == set(), (one, other)


def _plant(referral: Referral, field: str, spoken: dict[Form, dict[str, Any]], planted: Counter[tuple[Form, Form, str]]) -> None:
    """At most thrice in each pair of forms: reading is what takes the time."""
    pairs = [
        pair for pair in combinations(readable(), 2) if field in common(*(READERS[form] for form in pair)) and planted[(*pair, field)] < 3
    ]
    changed = plant(referral, field) if pairs else None
    if changed is None:
        return
    other = {form: told(changed, form) for form in {form for _, form in pairs}}
    for one, two in pairs:
        found = {each.field for each in contradictions(spoken[one], other[two])}
        assert field in found, (one, two, field)
        assert found <= {field, *ENTANGLED.get(field, ())}, (one, two, field)
        planted[one, two, field] += 1


@pytest.mark.parametrize("form", readable())
def test_what_a_form_cannot_carry_is_never_a_contradiction(
    form: Form, written: list[Referral], documents: list[dict[Form, dict[str, Any]]]
) -> None:
    beside = next(each for each in readable() if each is not form)
    missing = [field for field in CHANGES if field not in common(READERS[form], READERS[beside])]
    for referral, spoken in list(zip(written, documents, strict=True))[:12]:
        for field in missing:
            changed = plant(referral, field)
            if changed is not None:
                assert contradictions(spoken[form], told(changed, beside)) == [], field
