"""Any single value of the formats' own examples replaced by something absurd, or missing: read or refused, never another error."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from grace.intake.canonical import canonical
from grace.intake.formats import dsa_notice, grace_json, xarf
from grace.intake.packages import package_of
from grace.intake.registry import read
from grace.sdk.intake import IntakeFormat, Unreadable
from tests.property.test_mutations import REPLACEMENTS, places

FORMATS: tuple[IntakeFormat, ...] = (grace_json.FORMAT, xarf.FORMAT, dsa_notice.FORMAT)
EXAMPLES = [pytest.param(each, example, id=f"{each.name}-{place}") for each in FORMATS for place, example in enumerate(each.examples())]


def read_or_refuse(each: IntakeFormat, contents: Mapping[str, bytes]) -> bool:
    """Whether it was read; anything but a reading or ``Unreadable`` escapes and fails the test."""
    try:
        readings = read(package_of(contents), [each])
    except Unreadable as refused:
        if refused.code == "format-failed":
            raise
        return False
    for reading in readings:
        canonical(reading)
    return True


@pytest.mark.parametrize("kind", REPLACEMENTS)
@pytest.mark.parametrize(("each", "example"), EXAMPLES)
def test_every_value(each: IntakeFormat, example: Mapping[str, bytes], kind: str) -> None:
    name = next(iter(example))
    tree = json.loads(example[name].decode("utf-8-sig"))
    marks = {"grace_report", "xarf_version", "dsa_notice", "category", "type"}
    for holder, key in list(places(tree)):
        kept, holder[key] = holder[key], REPLACEMENTS[kind]
        was_read = read_or_refuse(each, {**example, name: json.dumps(tree).encode()})
        assert was_read or key in marks, key
        holder[key] = kept


@pytest.mark.parametrize(("each", "example"), EXAMPLES)
def test_every_key_missing(each: IntakeFormat, example: Mapping[str, bytes]) -> None:
    name = next(iter(example))
    tree = json.loads(example[name].decode("utf-8-sig"))
    for holder, key in [(holder, key) for holder, key in places(tree) if isinstance(holder, dict)]:
        kept = dict(holder)
        del holder[key]
        read_or_refuse(each, {**example, name: json.dumps(tree).encode()})
        holder.clear()
        holder.update(kept)
