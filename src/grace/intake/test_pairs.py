from __future__ import annotations

import pytest

from grace.intake.pairs import paired

Named = tuple[str | None, str | None]


@pytest.mark.parametrize(
    ("newer", "older", "pairs", "left"),
    [
        ([("a", "x")], [("a", "y")], [0], []),
        ([("a", "x")], [("b", "x")], [None], [0]),
        ([(None, "x")], [("b", "x")], [0], []),
        ([("a", "x")], [(None, "x")], [0], []),
        ([(None, None)], [(None, None)], [None], [0]),
        ([("a", "x"), ("a", "x")], [("a", "x")], [0, None], []),
        ([(None, "x"), ("b", "y")], [("a", "x"), ("b", "x")], [0, 1], []),
    ],
)
def test_files_are_one_by_digest_or_else_by_name(newer: list[Named], older: list[Named], pairs: list[int | None], left: list[int]) -> None:
    found, rest = paired(newer, older, lambda each: each)
    assert [None if other is None else older.index(other) for _, other in found] == pairs
    assert rest == [older[place] for place in left]


def test_many_files_of_one_name_are_paired_in_one_pass() -> None:
    many: list[Named] = [(f"{number}", "same.jpg") for number in range(20_000)]
    found, rest = paired(many, [(f"other {md5}", name) for md5, name in many], lambda each: each)
    assert all(other is None for _, other in found)
    assert len(rest) == len(many)
