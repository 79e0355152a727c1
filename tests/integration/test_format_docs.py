"""The page on formats names every note and every reason that the code gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "reference" / "formats.md").read_text()
SOURCES = [path for path in (ROOT / "src" / "grace" / "intake").rglob("*.py") if not path.name.startswith("test_")]
CODES = sorted(
    {
        code
        for path in SOURCES
        for code in re.findall(r'(?:Unreadable|Note)\(\s*"([a-z-]+)"|return "([a-z-]+)", "', path.read_text())
        for code in code
        if code
    }
)


def test_there_are_codes() -> None:
    assert {"dtd", "wrong-order", "nested", "time-of-receipt"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_on_the_page(code: str) -> None:
    assert f"`{code}`" in PAGE
