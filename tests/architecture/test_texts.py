"""Texts for people are found by the tool that gathers them for translation."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.source import ROOT, files_of, tree_of

GATHERED = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}


def calls_inside(text: ast.JoinedStr) -> Iterator[ast.Call]:
    for node in ast.walk(text):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GATHERED:
            yield node


def test_no_text_stands_inside_an_f_string() -> None:
    """GNU gettext does not look into f-strings: such a text is never put over, and nobody notices."""
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in files_of("src")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.JoinedStr)
        for call in calls_inside(node)
    ]
    assert found == []
