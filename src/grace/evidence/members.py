"""What is in what: the files that came out of archives, the archives that hold a file, and who holds them all.

Whoever holds an archive holds what came out of it, at any depth. So that none is missed where a unit comes to hold an archive
just while a member comes out of it, both take :func:`lock` before they write holdings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence.models import Archive, Holding, Member

MOST_DEPTH = 3
"""Archives in archives that are unpacked: the outermost counts as one."""
MOST_INSIDE = 20_000
"""Files of one archive, at any depth, that are told."""
CAME_IN = "archive:"
"""How the reason of a holding begins that is held only because an archive is."""
ERASED = "erased since"
"""Why there is no file at a place where there was one."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('evidence_member'))"
_INSIDE = """
SELECT root.id, found.file_id, f.md5, f.sha1, f.sha256 FROM UNNEST(%s::uuid[]) AS root (id) CROSS JOIN LATERAL (
    WITH RECURSIVE inside (file_id, depth) AS (
        SELECT m.file_id, 1 FROM evidence_member m WHERE m.archive_id = root.id AND m.file_id IS NOT NULL
        UNION
        SELECT m.file_id, i.depth + 1 FROM inside i JOIN evidence_member m ON m.archive_id = i.file_id AND m.file_id IS NOT NULL
        WHERE i.depth < %s
    )
    SELECT file_id, min(depth) AS depth FROM inside WHERE file_id <> root.id GROUP BY file_id ORDER BY depth, file_id LIMIT %s
) found
JOIN evidence_file f ON f.id = found.file_id
ORDER BY root.id, found.depth, found.file_id
"""
_AROUND = """
WITH RECURSIVE around (file_id, archive_id, depth) AS (
    SELECT m.file_id, m.archive_id, 1 FROM evidence_member m WHERE m.file_id = ANY(%s)
    UNION
    SELECT a.file_id, m.archive_id, a.depth + 1 FROM around a JOIN evidence_member m ON m.file_id = a.archive_id
    WHERE a.depth < %s
)
SELECT DISTINCT file_id, archive_id FROM around WHERE file_id <> archive_id LIMIT %s
"""
_PARENTS = """
SELECT m.file_id, m.archive_id FROM evidence_member m JOIN evidence_holding h ON h.file_id = m.archive_id AND h.unit_id = %s
WHERE m.file_id = ANY(%s) AND m.archive_id <> m.file_id
"""


@dataclass(frozen=True, slots=True)
class Inside:
    """A file that came out of an archive, with its digests."""

    file_id: UUID
    digests: Mapping[str, bytes]


def lock() -> None:
    """Let no other transaction change who holds archives or what is in them, until this one ends. Files are locked before."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def inside(archives: Collection[UUID]) -> dict[UUID, list[Inside]]:
    """The files in each of these archives, at any depth, each once; files that are no archives are left out."""
    found: dict[UUID, list[Inside]] = {}
    if not archives:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_INSIDE, [list(archives), MOST_DEPTH, MOST_INSIDE])
        for archive, file_id, *digests in cursor:
            told = {name: bytes(value) for name, value in zip(("md5", "sha1", "sha256"), digests, strict=True)}
            found.setdefault(archive, []).append(Inside(file_id, told))
    return found


def around(files: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each of these files the archives that hold it, at any depth; whoever holds those: for programs, never for a viewer."""
    found: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, [list(files), MOST_DEPTH, MOST_INSIDE])
        for file_id, archive in cursor:
            found.setdefault(file_id, set()).add(archive)
    return found


def with_archives(files: Collection[UUID]) -> list[UUID]:
    """These files, and the archives that hold any of them: what names one of these names the file."""
    return list(dict.fromkeys([*files, *(archive for some in around(files).values() for archive in some)]))


def to_hold(archives: Mapping[UUID, Collection[UUID]]) -> list[tuple[UUID, UUID, str]]:
    """Holdings (file, unit, why) that follow from these units holding these archives."""
    found = inside(archives)
    return [(each.file_id, unit, f"{CAME_IN}{archive}") for archive, some in found.items() for each in some for unit in archives[archive]]


def released_with(unit_id: UUID, file_ids: Iterable[UUID]) -> set[UUID]:
    """These files, and what the unit holds only because it holds archives among them."""
    released = set(file_ids)
    came = {each.file_id for some in inside(released).values() for each in some}
    only_so = set(Holding.objects.filter(unit_id=unit_id, file_id__in=came, why__startswith=CAME_IN).values_list("file_id", flat=True))
    held_in: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PARENTS, [unit_id, list(only_so)])
        for file_id, archive in cursor:
            held_in.setdefault(file_id, set()).add(archive)
    while more := {file for file in only_so - released if held_in.get(file, set()) <= released}:
        released |= more
    return released


def forget(erased: Collection[UUID]) -> None:
    """Let go of files that are about to be erased: places that they had say so, and of archives nothing is left."""
    Archive.objects.filter(archive_id__in=erased).delete()
    Member.objects.filter(file_id__in=erased).update(file=None, reason=ERASED)


def archive_of(file_id: UUID) -> Archive | None:
    """How far the file was unpacked; None where it is no archive, or was not begun."""
    return Archive.objects.filter(archive_id=file_id).first()


def page(viewer: Viewer, archive_id: UUID, *, start: int = 0, most: int) -> list[Member]:
    """The members of an archive that the viewer's unit holds, from place ``start`` on. Of one that it does not hold there are none."""
    viewer.require(Capability.READ)
    held = Holding.objects.filter(file_id=archive_id, unit_id=viewer.unit_id)
    found = Member.objects.select_related("file").filter(archive_id=archive_id, place__gte=start).order_by("place")
    return list(found[:most]) if held.exists() else []


def places(viewer: Viewer, file_id: UUID, *, most: int) -> list[Member]:
    """Where a file stands in archives that the viewer's unit holds."""
    viewer.require(Capability.READ)
    held = Holding.objects.filter(unit_id=viewer.unit_id).values("file_id")
    found = Member.objects.select_related("archive__archive").filter(file_id=file_id, archive_id__in=held)
    return list(found.order_by("archive_id", "place")[:most])


def names(archives: Sequence[UUID], file_ids: Collection[UUID]) -> dict[UUID, Member]:
    """For each of these files its first place in one of these archives."""
    rows = Member.objects.filter(archive_id__in=archives, file_id__in=file_ids).order_by("file_id", "archive_id", "place")
    found: dict[UUID, Member] = {}
    for row in rows.distinct("file_id"):
        if row.file_id:
            found[row.file_id] = row
    return found
