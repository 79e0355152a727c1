"""What ``grace doctor`` looks at of the index: whether its loops run compiled, whether it is there, whole, and up to date."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from grace.host.checks import Found, Grade
from grace.host.environment import Environment
from grace.matching import follow, standing
from grace.matching.index import engine
from grace.matching.indexed import HELD, LISTS, Source

LATE = 300.0
"""Seconds that a change may wait before something is wrong: a worker brings it in within a second, an import within minutes."""


def check_loops(environment: Environment) -> Found:
    """Whether the index answers by compiled loops, and whether these are kept."""
    if engine.usual() is engine.NUMPY:
        return Found("index loops", Grade.NOTE, "numba is missing: the index answers some hundred times slower", "pip install numba")
    kept = any((environment.home / "kernels").rglob("*.nbc"))
    says = "compiled, and kept" if kept else "compiled anew by each process: nothing is kept in the data folder"
    return Found("index loops", Grade.GOOD if kept else Grade.NOTE, says, "" if kept else "Run grace migrate once.")


def check_indexes() -> Iterator[Found]:
    """Both indexes; needs a database that answers."""
    for source in (LISTS, HELD):
        about = f"index of {source.name}"
        try:
            yield _check(about, source)
        except DatabaseError:
            yield Found(about, Grade.NOTE, "not looked at: the tables are not there", "Run grace migrate.")


def _check(about: str, source: Source) -> Found:
    found = standing.standing(source)
    if found.lost:
        return Found(about, Grade.BAD, "lost: it is not in the data folder", f"A worker makes it anew within a minute, or: {_anew(source)}")
    if found.damage:
        return Found(about, Grade.BAD, f"damaged: {found.damage}", _anew(source))
    damaged = follow.damaged(source)
    if damaged:
        return Found(about, Grade.BAD, f"damaged: {', '.join(damaged[:3])} not as it was written", _anew(source))
    if found.waiting and found.behind > LATE:
        says = f"behind: {found.waiting:,} changes wait, the oldest for {found.behind:,.0f} s"
        return Found(about, Grade.BAD, says, "See that a worker runs: grace worker.")
    return Found(about, Grade.GOOD, f"{found.entries:,} values, whole, {found.waiting:,} changes wait")


def _anew(source: Source) -> str:
    return f"grace index rebuild {source.name}"
