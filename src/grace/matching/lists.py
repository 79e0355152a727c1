"""Load hash lists, show them, and take them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, insert_many
from grace.matching.csv_lines import Fault, Line, Lines, read_lines
from grace.matching.models import HashList

MOST_FAULTS_TOLD = 1000
_BATCH = 5000
_COLUMNS = {
    "hash_list_id": "uuid",
    "algorithm": "text",
    "value": "bytea",
    "category": "text",
    "source": "text",
    "note": "text",
    "added_at": "timestamptz",
}
# A known entry is updated only where its list now says something else: importing the same file again writes nothing.
_UPSERT = insert_many(
    "matching_entry",
    _COLUMNS,
    """ON CONFLICT (hash_list_id, algorithm, value) DO UPDATE
    SET category = excluded.category, source = excluded.source, note = excluded.note
    WHERE (matching_entry.category, matching_entry.source, matching_entry.note) IS DISTINCT FROM (excluded.category, excluded.source, excluded.note)
    RETURNING (xmax = 0), algorithm""",
)
_COUNT = """
INSERT INTO matching_coverage (id, hash_list_id, algorithm, entries)
SELECT %s, %s, %s, %s
ON CONFLICT (hash_list_id, algorithm) DO UPDATE SET entries = matching_coverage.entries + excluded.entries
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an import did, in lines: ``known`` were there already (a repetition within the file too), ``changed`` got a new category, source or note."""

    list_id: UUID
    added: int
    changed: int
    known: int
    refused: int
    faults: tuple[Fault, ...]

    @property
    def lines(self) -> int:
        """All lines that were not empty."""
        return self.added + self.changed + self.known + self.refused


class _Tally:
    """Counts while lines stream by."""

    def __init__(self) -> None:
        self.added: dict[str, int] = {}
        self.changed = 0
        self.accepted = 0
        self.refused = 0
        self.faults: list[Fault] = []

    def keep_good(self, lines: Iterable[Line | Fault]) -> Iterator[Line]:
        for line in lines:
            if isinstance(line, Line):
                self.accepted += 1
                yield line
            else:
                self.refuse(line)

    def refuse(self, fault: Fault) -> None:
        self.refused += 1
        if len(self.faults) < MOST_FAULTS_TOLD:
            self.faults.append(fault)


def load_csv(
    stream: Lines,
    name: str,
    *,
    source: str,
    default_category: str = "",
    unit_id: UUID | None = None,
    progress: Callable[[int], None] = lambda _lines: None,
) -> Loaded:
    """Read a list of any length from ``stream`` into the list ``name``, made where it is missing.

    ``progress`` is told the number of lines read so far. Faulty lines are counted and told, the others are loaded; the
    same file loaded again changes nothing. Raises :class:`Invalid` for a wrong header and :class:`Conflict` where the
    name belongs to a list of another unit.
    """
    hash_list = _list_to_fill(name, source, default_category, unit_id)
    tally = _Tally()
    good = tally.keep_good(_with_category(read_lines(stream), hash_list.default_category))
    while batch := list(islice(good, _BATCH)):
        _write(hash_list, batch, tally)
        progress(tally.accepted + tally.refused)
    _finish(hash_list, tally)
    added = sum(tally.added.values())
    known = tally.accepted - added - tally.changed
    return Loaded(hash_list.id, added, tally.changed, known, tally.refused, tuple(tally.faults))


def remove(list_id: UUID) -> int:
    """Take a list out with all its entries and matches; how many entries there were. Raises :class:`Missing`."""
    hash_list = HashList.objects.filter(id=list_id).first()
    if hash_list is None:
        raise Missing(_("There is no such list."))
    entries = sum(hash_list.coverage.values_list("entries", flat=True))
    hash_list.delete()
    return entries


def shown_to(viewer: Viewer) -> QuerySet[HashList]:
    """The lists that serve the viewer's unit, by name, with their coverage; all of them for whoever runs the machine."""
    serving = Q() if viewer.via == "operator" else Q(unit=None) | Q(unit_id=viewer.unit_id)
    return HashList.objects.filter(serving).order_by("name").select_related("unit").prefetch_related("coverage")


def _list_to_fill(name: str, source: str, default_category: str, unit_id: UUID | None) -> HashList:
    """The list, locked: two imports into one list follow each other."""
    if not name.strip() or not source.strip():
        raise Invalid(_("A list needs a name and a source."), remedy=_("Say where the list comes from."))
    if not (name + source + default_category).isprintable():
        raise Invalid(_("A name, source or category holds a character that cannot be shown."), remedy=_("Type it anew."))
    HashList.objects.bulk_create(
        [HashList(name=name.strip(), source=source.strip(), default_category=default_category.strip(), unit_id=unit_id)],
        ignore_conflicts=True,
    )
    hash_list = HashList.objects.select_for_update().get(name=name.strip())
    if hash_list.unit_id != unit_id:
        raise Conflict(_("A list of this name serves another unit."), remedy=_("Choose another name."))
    return hash_list


def _with_category(lines: Iterable[Line | Fault], default: str) -> Iterator[Line | Fault]:
    for line in lines:
        if isinstance(line, Line) and not (line.category or default):
            yield Fault(line.number, "no category, and the list has no default")
        else:
            yield line


def _write(hash_list: HashList, batch: Sequence[Line], tally: _Tally) -> None:
    moment = now()
    last = {(line.algorithm, line.value): line for line in batch}
    rows = [_row(hash_list, last[key], moment) for key in sorted(last)]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, by_column(rows, len(_COLUMNS)))
        for is_new, algorithm in cursor.fetchall():
            if is_new:
                tally.added[algorithm] = tally.added.get(algorithm, 0) + 1
            else:
                tally.changed += 1


def _row(hash_list: HashList, line: Line, moment: object) -> tuple[object, ...]:
    category, source = line.category or hash_list.default_category, line.source or hash_list.source
    return (hash_list.id, line.algorithm, line.value, category, source, line.note, moment)


def _finish(hash_list: HashList, tally: _Tally) -> None:
    if not tally.added and not tally.changed:
        return
    with connection.cursor() as cursor:
        for algorithm, entries in sorted(tally.added.items()):
            cursor.execute(_COUNT, [new_id(), hash_list.id, algorithm, entries])
    HashList.objects.filter(id=hash_list.id).update(changed_at=now())
