from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grace.web.match import grid

VALUES = st.binary(min_size=32, max_size=32)


def squares(path: str) -> set[tuple[int, int]]:
    """The squares that a path covers."""
    found = set()
    for part in path.split("z")[:-1]:
        start, _, rest = part.removeprefix("M").partition("h")
        column, row = map(int, start.split())
        width = int(rest.partition("v")[0])
        found |= {(column + step, row) for step in range(width)}
    return found


@given(VALUES)
def test_every_set_bit_is_one_square(value: bytes) -> None:
    wanted = {(bit % 16, bit // 16) for bit in range(256) if value[bit // 8] >> (7 - bit % 8) & 1}
    assert squares(grid.path(value)) == wanted
    assert grid.bits(value) == len(wanted)


@given(VALUES, VALUES)
def test_what_differs_is_what_only_one_of_them_has(one: bytes, other: bytes) -> None:
    assert squares(grid.path(grid.apart(one, other))) == squares(grid.path(one)) ^ squares(grid.path(other))


def test_neighbours_are_drawn_together() -> None:
    assert grid.path(b"\xff\xff" + bytes(30)) == "M0 0h16v1h-16z"
    assert grid.path(bytes(32)) == ""
