"""docs/reference/law.md: which test shows which duty, read from tests/law."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.support.source import ROOT, functions_of, tree_of

PAGE = ROOT / "docs" / "reference" / "law.md"
_NAME = re.compile(r"test_([A-Z]+\d+)_(\w+)\.py")
_HEAD = """# The law, and the tests that show it is kept

Generated from `tests/law` (`make docs`). Each duty has a file of tests; each sentence is the name of a test that runs in
`make test`. L: Directive (EU) 2016/680; A: Regulation (EU) 2024/1689; D: Regulation (EU) 2022/2065; C: the proposal COM(2022)
209. The article stands with the duty.
"""


def _order(path: Path) -> tuple[str, int, str]:
    letter, number = re.match(r"test_([A-Z]+)(\d+)", path.name).groups()  # type: ignore[union-attr]  # only called on names that match
    return letter, int(number), path.name


def law_page() -> str:
    """The page as it should be."""
    parts = [_HEAD]
    for path in sorted((path for path in (ROOT / "tests" / "law").glob("test_*.py") if _NAME.match(path.name)), key=_order):
        code = path.name.split("_")[1]
        about = (ast.get_docstring(tree_of(path)) or "").splitlines()[0]
        tests = [
            function.name.removeprefix("test_").replace("_", " ") for function in functions_of(path) if function.name.startswith("test_")
        ]
        parts.append(f"## {code}\n\n{about}\n\n" + "".join(f"- {name}\n" for name in tests) + f"\n`tests/law/{path.name}`\n")
    return "\n".join(parts)
