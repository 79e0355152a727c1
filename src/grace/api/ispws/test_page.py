from __future__ import annotations

import re
from pathlib import Path

from grace.api.ispws.urls import urlpatterns
from grace.intake.codes import Code

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "ispws.md").read_text(encoding="utf-8")


def test_the_page_names_every_code_and_every_address() -> None:
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)} == set(Code)
    named = set(re.findall(r"`(?:GET|POST) /ispws/(\w+)(?:/\{reportId\})?`", PAGE))
    assert {re.sub(r"\W.*", "", str(each.pattern).lstrip("^")) for each in urlpatterns} - named == {""}
