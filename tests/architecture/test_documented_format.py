"""The plug-in that docs/how-to/write-an-intake-format.md shows is whole, and keeps the contract that it explains."""

from __future__ import annotations

import re
import sys
from types import ModuleType

import pytest

from grace.sdk.testing import IntakeFormatContract
from tests.support.source import ROOT

_PAGE = (ROOT / "docs" / "how-to" / "write-an-intake-format.md").read_text(encoding="utf-8")
_PLUG_IN, _TEST = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
_NAME = "example_notice"


def _run(code: str, name: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(code, f"{name} in write-an-intake-format.md", "exec"), module.__dict__)  # noqa: S102 - our own page
    return module


def _documented_test() -> type[IntakeFormatContract]:
    """The test of the page, which imports the plug-in of the page by its name."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, _NAME, _run(_PLUG_IN, _NAME))
        found: type[IntakeFormatContract] = _run(_TEST, "documented_test").TestExampleNotice
        return found


TestExampleNotice = _documented_test()


def test_the_example_is_found_under_the_name_that_the_page_declares() -> None:
    assert f'= "{_NAME}:FORMAT"' in _PAGE
