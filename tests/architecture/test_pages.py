"""The documentation cannot lie: its generated pages are current, and its settings exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grace.host import environment
from tests.support.pages import PAGES
from tests.support.source import ROOT, files_of, tracked

_SETTING = re.compile(r"\bGRACE_[A-Z][A-Z_]*[A-Z]\b")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_generated_page_is_current(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == PAGES[page](), "run: make docs"


def test_every_setting_that_is_named_exists() -> None:
    declared = {one.name for one in environment.declarations()}
    known = declared | {f"{one.name}_FILE" for one in environment.declarations() if one.secret}
    mentioned = {name for path in tracked(".md", ".html") for name in _SETTING.findall(path.read_text(encoding="utf-8"))}
    assert mentioned - known == set()


def test_no_other_module_reads_settings_from_the_environment() -> None:
    reading = re.compile(r"(environ\.get\(|environ\[|getenv\()[\"']GRACE_")
    readers = [str(path.relative_to(ROOT)) for path in files_of("src") if reading.search(path.read_text(encoding="utf-8"))]
    assert readers == []
