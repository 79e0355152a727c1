"""Files and who holds them: bytes once by SHA-256, held by any number of units, erased when the last holding ends.

The same bytes sealed twice leave one object: the later one's row goes in the caller's transaction and its bytes after
the commit, so at every moment of a crash at least one sealed copy stands behind each file. Rows are written in the
order of their SHA-256, so that batches that share files wait for each other and never lock each other out; call a
verb of this module once in a transaction, with the whole batch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.evidence import members, vault
from grace.evidence.media_types import ARCHIVES, with_name
from grace.evidence.models import Archive, Examination, File, Fingerprint, Holding
from grace.evidence.vault import Sealed
from grace.evidence.vault.digests import digest
from grace.kernel.clock import now
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, fill, insert_many

_FILE = {
    "id": "uuid",
    "sha256": "bytea",
    "sha1": "bytea",
    "md5": "bytea",
    "size": "bigint",
    "media_type": "text",
    "object_id": "uuid",
    "since": "timestamptz",
}
_HOLDING = {"id": "uuid", "file_id": "uuid", "unit_id": "uuid", "since": "timestamptz", "why": "text"}
_INSERT_FILES = insert_many("evidence_file", _FILE, "ON CONFLICT (sha256) DO NOTHING")
_INSERT_HOLDINGS = insert_many("evidence_holding", _HOLDING, "ON CONFLICT (file_id, unit_id) DO NOTHING")
_FOR_ITSELF = """
UPDATE evidence_holding h SET why = told.why FROM UNNEST(%s::uuid[], %s::uuid[], %s::text[]) AS told (file_id, unit_id, why)
WHERE h.file_id = told.file_id AND h.unit_id = told.unit_id AND h.why LIKE 'archive:%%' AND told.why NOT LIKE 'archive:%%'
"""
"""A file that came in an archive, and then by itself, is held for itself: it stays when the archive goes."""
# KEY SHARE: the files cannot be erased before the caller's transaction ends, and nobody else is kept waiting.
_LOCK = """
SELECT id, sha256, sha1, md5, size, media_type, object_id FROM evidence_file
WHERE sha256 = ANY(%s) ORDER BY sha256 FOR KEY SHARE
"""
DIGESTS = ("md5", "sha1", "sha256")
_WITH = " UNION ".join(
    fill("SELECT id, md5, sha1, sha256 FROM evidence_file WHERE {name} = ANY(%({name})s)", name=name) for name in DIGESTS
)
_LOCK_TO_ERASE = "SELECT id FROM evidence_file WHERE id = ANY(%s) ORDER BY sha256 FOR UPDATE"


@dataclass(frozen=True, slots=True)
class Held:
    """A file that is held; ``new`` says that these bytes were not here before. Digests are raw bytes."""

    id: UUID
    sha256: bytes
    sha1: bytes
    md5: bytes
    size: int
    media_type: str
    object_id: UUID
    new: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """A sealed object that a unit shall hold, why, and what the sender called it (a name only tells kinds of text apart)."""

    unit_id: UUID
    sealed: Sealed
    why: str
    name_hint: str = ""


@dataclass(frozen=True, slots=True)
class Keep:
    """As :class:`Hold`, for small bytes not yet sealed."""

    unit_id: UUID
    content: bytes
    why: str
    name_hint: str = ""


def hold(unit_id: UUID, sealed: Sealed, why: str, name_hint: str = "") -> Held:
    """Hold one sealed object as a file of the unit."""
    return hold_many([Hold(unit_id, sealed, why, name_hint)])[0]


def hold_many(rows: Sequence[Hold]) -> list[Held]:
    """Hold many, in their order. Objects whose bytes were known already are dropped in favour of the first ones."""
    files = _settled(rows)
    _hold([(files[row.sealed.sha256].id, row.unit_id, row.why) for row in rows], files.values())
    return [files[row.sealed.sha256] for row in rows]


def keep_many(rows: Sequence[Keep]) -> list[Held]:
    """Seal and hold many small contents, in their order; bytes that are known already are not written again."""
    held = take_many(rows)
    _hold([(file.id, row.unit_id, row.why) for file, row in zip(held, rows, strict=True)], held)
    return held


def take_many(rows: Sequence[Keep]) -> list[Held]:
    """The same, but the caller writes who holds them, with :func:`hold_also` in the same transaction."""
    digests = [digest(row.content).sha256 for row in rows]
    files = _lock(digests)
    fresh = {sha256: row for sha256, row in zip(digests, rows, strict=True) if sha256 not in files}
    sealed = vault.seal_many([row.content for row in fresh.values()])
    files |= _settled([Hold(row.unit_id, each, row.why, row.name_hint) for row, each in zip(fresh.values(), sealed, strict=True)])
    return [files[sha256] for sha256 in digests]


def hold_also(holdings: Iterable[tuple[UUID, UUID, str]]) -> None:
    """Let units hold files (file, unit, why); what is held already stays held for its first reason."""
    _insert_holdings(holdings)


def known(sha256s: Iterable[bytes]) -> dict[bytes, UUID]:
    """The files among these SHA-256 digests, whoever holds them: for programs that store, never for a viewer."""
    found = File.objects.filter(sha256__in=set(sha256s)).values_list("sha256", "id")
    return {bytes(sha256): file_id for sha256, file_id in found}


def with_digests(digests: Mapping[str, Sequence[bytes]]) -> dict[UUID, Mapping[str, bytes]]:
    """The files that have one of these digests (``md5``, ``sha1``, ``sha256``), with all three; whoever holds them: for programs that act for all."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH, {name: list(digests.get(name, ())) for name in DIGESTS})
        return {file: _named(values) for file, *values in cursor.fetchall()}


def digests_of(files: Collection[UUID]) -> dict[UUID, Mapping[str, bytes]]:
    """The digests of these files, by their names."""
    rows = File.objects.filter(id__in=files).values_list("id", "md5", "sha1", "sha256")
    return {key: _named(values) for key, *values in rows}


def after(file_id: UUID | None, most: int) -> dict[UUID, Mapping[str, bytes]]:
    """The next files in the order of their ids, with their digests; whoever holds them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, md5, sha1, sha256 FROM evidence_file WHERE id > %s ORDER BY id LIMIT %s", [file_id or UUID(int=0), most])
        return {file: _named(values) for file, *values in cursor.fetchall()}


def how_many() -> int:
    """Files in all."""
    return File.objects.count()


def _named(values: Sequence[memoryview | bytes]) -> dict[str, bytes]:
    return {name: bytes(value) for name, value in zip(DIGESTS, values, strict=True)}


def loose(object_ids: Iterable[UUID]) -> list[UUID]:
    """Those of these sealed objects that stand behind no file."""
    wanted = list(object_ids)
    used = set(File.objects.filter(object_id__in=wanted).values_list("object_id", flat=True))
    return [each for each in wanted if each not in used]


def release(unit_id: UUID, file_ids: Sequence[UUID]) -> list[UUID]:
    """End the unit's holdings, with those of what is held only because it came in one of these archives.

    Files that nobody holds any more are erased with all that was found in them; returns the erased ones. What refers to an erased
    file must have let go of it before, else the database refuses.
    """
    released = members.released_with(unit_id, file_ids)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_TO_ERASE, [list(released)])
    if Archive.objects.filter(archive_id__in=released).exists():
        members.lock()  # what came out of them meanwhile goes too
        released = members.released_with(unit_id, file_ids)
    Holding.objects.filter(unit_id=unit_id, file_id__in=released).delete()
    erased = dict(File.objects.filter(id__in=released, holdings=None).values_list("id", "object_id"))
    for found_in_it in (Fingerprint, Examination):
        found_in_it.objects.filter(file_id__in=erased).delete()
    members.forget(erased)
    File.objects.filter(id__in=erased).delete()
    vault.delete_many(list(erased.values()))
    return list(erased)


def _settled(rows: Sequence[Hold]) -> dict[bytes, Held]:
    files = _settle({row.sealed.sha256: row for row in reversed(rows)})
    needed = {file.object_id for file in files.values()}
    vault.delete_many([row.sealed.object_id for row in rows if row.sealed.object_id not in needed])
    return files


def _hold(holdings: Sequence[tuple[UUID, UUID, str]], files: Iterable[Held]) -> None:
    """Write who holds what; who holds an archive that was unpacked before holds what came out of it."""
    known = {file.id: file.media_type in ARCHIVES for file in files if not file.new}
    units: dict[UUID, list[UUID]] = {}
    for file_id, unit_id, _ in holdings:
        if known.get(file_id):
            units.setdefault(file_id, []).append(unit_id)
    if units:
        members.lock()
    _insert_holdings([*holdings, *members.to_hold(units)])
    before = sorted({each for each in holdings if each[0] in known})
    if before:
        with connection.cursor() as cursor:
            cursor.execute(_FOR_ITSELF, by_column(before, 3))


def _settle(rows: Mapping[bytes, Hold]) -> dict[bytes, Held]:
    """The files of these digests, made where they are missing, and locked against erasure."""
    files: dict[bytes, Held] = {}
    while missing := sorted(rows.keys() - files.keys()):
        made = {sha256: new_id() for sha256 in missing}
        moment = now()
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_FILES, by_column((_file_row(made[sha256], rows[sha256], moment) for sha256 in missing), len(_FILE)))
        # One that was erased between the two statements is made again.
        files |= _lock(missing, made)
    return files


def _file_row(file_id: UUID, row: Hold, moment: object) -> tuple[object, ...]:
    sealed = row.sealed
    media_type = with_name(sealed.media_type, row.name_hint)
    return (file_id, sealed.sha256, sealed.sha1, sealed.md5, sealed.size, media_type, sealed.object_id, moment)


def _lock(sha256s: Sequence[bytes], made: Mapping[bytes, UUID] | None = None) -> dict[bytes, Held]:
    if not sha256s:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(sha256s)])
        rows = cursor.fetchall()
    new = set((made or {}).values())
    return {row[1]: Held(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[0] in new) for row in rows}


def _insert_holdings(holdings: Iterable[tuple[UUID, UUID, str]]) -> None:
    moment = now()
    first = {(file_id, unit_id): why for file_id, unit_id, why in reversed(list(holdings))}
    rows = [(new_id(), file_id, unit_id, moment, first[file_id, unit_id]) for file_id, unit_id in sorted(first)]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT_HOLDINGS, by_column(rows, len(_HOLDING)))
