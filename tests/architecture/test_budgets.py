"""Sizes that keep the house readable; the figures are printed with ``-s``."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median

from tests.support.source import ROOT, files_of, functions_of, tracked, tree_of

LONGEST_FILE = 400
LONG_FUNCTION = 45
SHARE_OF_LONG_FUNCTIONS = 0.05
EXCEPTIONS_TO_THE_CHECKERS = 30
CATCH_ALLS = 3
_WAIVER = re.compile(r"#\s*(noqa|type:\s*ignore)")
_REASON = re.compile(r"#\s*(noqa:\s*[A-Z0-9, ]+|type:\s*ignore\[[a-z-]+(,\s*[a-z-]+)*\])\s+(-|#)\s*\S")
_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|lorem ipsum)\b")


def product_files() -> list[Path]:
    return [path for path in files_of("src") if not path.name.startswith("test_")]


def lengths() -> dict[str, int]:
    """Lines of every function of the product."""
    found = {}
    for path in product_files():
        for function in functions_of(path):
            found[f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"] = (function.end_lineno or 0) - function.lineno + 1
    return found


def test_functions_are_short() -> None:
    found = lengths()
    long = {name: lines for name, lines in found.items() if lines > LONG_FUNCTION}
    print(f"{len(found)} functions, median {median(found.values())} lines, above {LONG_FUNCTION}: {long}")
    assert len(long) <= SHARE_OF_LONG_FUNCTIONS * len(found)


def test_files_are_short() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files_of("src", "tests", "benchmarks")
    }
    print(f"{len(sizes)} files, median {median(sizes.values())} lines")
    assert {name: lines for name, lines in sizes.items() if lines > LONGEST_FILE} == {}


def test_waivers_are_few_and_give_their_reason() -> None:
    lines = [(path, line) for path in product_files() for line in path.read_text(encoding="utf-8").splitlines() if _WAIVER.search(line)]
    print(f"{len(lines)} waivers")
    assert [f"{path.relative_to(ROOT)}: {line.strip()}" for path, line in lines if not _REASON.search(line)] == []
    assert len(lines) <= EXCEPTIONS_TO_THE_CHECKERS


def swallows_everything(clause: ast.ExceptHandler) -> bool:
    """Whether an except clause takes any error and does not raise it again."""
    is_wide = clause.type is None or (isinstance(clause.type, ast.Name) and clause.type.id in {"Exception", "BaseException"})
    return is_wide and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(clause))


def test_almost_nothing_catches_everything() -> None:
    clauses = [(path, node) for path in product_files() for node in ast.walk(tree_of(path)) if isinstance(node, ast.ExceptHandler)]
    found = [f"{path.relative_to(ROOT)}:{clause.lineno}" for path, clause in clauses if swallows_everything(clause)]
    assert len(found) <= CATCH_ALLS, found


def test_nothing_is_left_unfinished() -> None:
    mine = Path(__file__)
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in tracked(".py", ".html", ".md", ".sql", ".css", ".toml")
        if path != mine
        for line in path.read_text(encoding="utf-8").splitlines()
        if _UNFINISHED.search(line)
    ]
    assert found == []
