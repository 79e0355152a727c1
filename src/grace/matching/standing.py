"""How the indexes stand: what they hold, what waits for them, how new the newest entry is that everybody sees, what is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from grace.kernel.clock import now
from grace.kernel.errors import Unavailable
from grace.matching import follow, indexed
from grace.matching.index import engine
from grace.matching.index.store import Store
from grace.matching.indexed import HELD, LISTS, MOST_PENDING, Source
from grace.matching.models import Due, Sweep

_WAITING = "SELECT count(*), extract(epoch FROM clock_timestamp() - min(at)) FROM {log}"
# Whoever asks sees the first changes of the log too: what stands behind them becomes known when the index has caught up.
_NEWEST = """
SELECT added_at FROM matching_entry WHERE id < coalesce(
    (SELECT min(entry) FROM (SELECT entry FROM matching_change WHERE came ORDER BY id OFFSET %s) unseen), 9223372036854775807
) ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of value stands in an index: values, parts, bytes on disk, and how many changes of its parts there were."""

    algorithm: str
    entries: int
    segments: int
    bytes: int
    generation: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How one index stands: ``waiting`` changes, the oldest for so many seconds; ``lost`` where it is not in the data folder.

    ``damage`` says what is wrong where it is there and cannot be read.
    """

    name: str
    kinds: tuple[Kind, ...]
    waiting: int
    behind: float
    lost: bool
    damage: str = ""

    @property
    def entries(self) -> int:
        """Values of all kinds."""
        return sum(each.entries for each in self.kinds)


@dataclass(frozen=True, slots=True)
class Sweeping:
    """A sweep over all that is stored, and how far it has got."""

    begun: bool
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Whole:
    """Both indexes, the newest entry that everybody sees, what is to be asked again of what is stored, and whether loops run compiled."""

    lists: Standing
    held: Standing
    newest_at: datetime | None
    newest_age: float | None
    due: int
    sweeps: tuple[Sweeping, ...]
    compiled: bool


def whole() -> Whole:
    """How everything stands now."""
    newest = _newest()
    return Whole(
        lists=standing(LISTS),
        held=standing(HELD),
        newest_at=newest,
        newest_age=(now() - newest).total_seconds() if newest else None,
        due=Due.objects.count(),
        sweeps=tuple(Sweeping(each.begun_at is not None, each.done, each.total) for each in Sweep.objects.order_by("id")),
        compiled=engine.usual() is not engine.NUMPY,
    )


def standing(source: Source = LISTS) -> Standing:
    """How one index stands now."""
    lost = follow.lost(source)
    kinds, damage = ((), "") if lost else _kinds(source)
    with connection.cursor() as cursor:
        cursor.execute(source.sql(_WAITING))
        waiting, behind = cursor.fetchone()
    return Standing(source.name, kinds, waiting, float(behind or 0), lost, damage)


def _kinds(source: Source) -> tuple[tuple[Kind, ...], str]:
    """The kinds of an index; or none, and what is wrong."""
    origin = indexed.origin_now(source)
    try:
        return tuple(_kind(indexed.store(source, origin, algorithm)) for algorithm in source.kinds) if origin else (), ""
    except Unavailable as fault:
        return (), fault.message


def _kind(index: Store) -> Kind:
    view = index.view()
    size = sum(path.stat().st_blocks * 512 for path in index.folder.rglob("*") if path.is_file())
    return Kind(index.kind, view.entries, len(view.segments), size, view.generation)


def _newest() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [MOST_PENDING])
        row = cursor.fetchone()
    return row[0] if row else None
