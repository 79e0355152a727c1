"""Telephone numbers and what looks like them, text by text: ``tests/data/numbers_own/numbers.txt`` says where each stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grace.identifiers.find import find
from grace.sdk.intake import Kind

_FILE = Path(__file__).parent.parent / "data" / "numbers_own" / "numbers.txt"
_NUMBER = re.compile(r"\{([^}]+)\}")
LINES = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("line", LINES)
def test_numbers_are_found_where_they_stand_and_nowhere_else(line: str) -> None:
    region, _, marked = line.replace("\\n", "\n").partition("|")
    found = find(_NUMBER.sub(r"\1", marked), region=region)
    assert [each.value for each in found if each.kind is Kind.PHONE] == _NUMBER.findall(marked)
