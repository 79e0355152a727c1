"""Read every object again and compare: nothing is found late that could have been found early (law, L15).

Rows are taken in the order of their ids, a few hundred at a time and outside of any transaction, so a scrub of weeks
holds nothing up and can go on where it stopped. Orphans are encrypted bytes without a row, left by a rolled-back or
crashed transaction: no key opens them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from grace.evidence import vault
from grace.evidence.errors import KeyAway, Lost, Tampered
from grace.evidence.models import SealedObject

_BATCH = 500
_PIECE = 1 << 20
SETTLED = 24 * 3600.0
"""Seconds after which bytes without a row are nobody's: no transaction lasts that long."""


@dataclass(slots=True)
class Findings:
    """What a scrub has seen so far; ``last`` is where it can go on."""

    last: UUID | None = None
    checked: int = 0
    read_bytes: int = 0
    missing: list[UUID] = field(default_factory=list)
    tampered: list[UUID] = field(default_factory=list)
    key_away: list[UUID] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether every object was found as it was sealed."""
        return not (self.missing or self.tampered or self.key_away)


def scrub(after: UUID | None = None, progress: Callable[[Findings], None] = lambda _findings: None) -> Findings:
    """Check every object after ``after``; ``progress`` is told the findings after each object."""
    findings = Findings(last=after)
    for row in _rows(after):
        _check(row, findings)
        progress(findings)
    return findings


def orphans(older_than: float = SETTLED) -> Iterator[UUID]:
    """Objects in the store that no row names, older than so many seconds."""
    store = vault.here().store
    stored = store.list()
    while batch := list(islice(stored, _BATCH)):
        yield from (object_id for object_id in _unnamed(batch) if _age(store.age, object_id) > older_than)


def remove_orphans(orphan_ids: Iterable[UUID], older_than: float = SETTLED) -> int:
    """Remove bytes that :func:`orphans` told of, and unfinished writes; how many there were.

    Each is compared with the table once more, so what has got a row meanwhile stays.
    """
    store = vault.here().store
    removed = sum(store.delete(object_id) for object_id in _unnamed(list(orphan_ids)))
    return removed + store.sweep(older_than)


def _rows(after: UUID | None) -> Iterator[SealedObject]:
    waiting = SealedObject.objects.order_by("id")
    while batch := list((waiting.filter(id__gt=after) if after else waiting)[:_BATCH]):
        yield from batch
        after = batch[-1].id


def _check(row: SealedObject, findings: Findings) -> None:
    try:
        findings.read_bytes += _read_through(row)
    except KeyAway:
        findings.key_away.append(row.id)
    except Tampered as fault:
        # One that was erased since its row was read is no fault.
        if SealedObject.objects.filter(id=row.id).exists():
            (findings.missing if isinstance(fault, Lost) else findings.tampered).append(row.id)
    findings.checked += 1
    findings.last = row.id


def _read_through(row: SealedObject) -> int:
    with vault.open_row(row) as stream:
        return sum(map(len, iter(lambda: stream.read(_PIECE), b"")))


def _unnamed(object_ids: Sequence[UUID]) -> list[UUID]:
    named = set(SealedObject.objects.filter(id__in=object_ids).values_list("id", flat=True))
    return [object_id for object_id in object_ids if object_id not in named]


def _age(age_of: Callable[[UUID], float], object_id: UUID) -> float:
    try:
        return age_of(object_id)
    except FileNotFoundError:
        return 0.0
