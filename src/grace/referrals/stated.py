"""The digests that referrals state of their files, with the bytes or without: which are there, and who states them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from uuid import UUID

from django.db import connection

from grace.evidence import members
from grace.kernel.sql import fill

Digests = Mapping[str, Sequence[bytes]]
"""Raw values by algorithm: ``md5``, ``sha1``, ``sha256``, ``pdq``."""

ALGORITHMS = ("md5", "sha1", "sha256", "pdq")

_NAMING = fill(
    """
SELECT DISTINCT r.unit_id, r.id
FROM (SELECT id FROM referrals_attachment WHERE file_id = ANY(%(files)s) UNION {stating}) named
JOIN referrals_attachment a ON a.id = named.id
JOIN referrals_referral r ON r.id = a.referral_id
WHERE %(unit)s::uuid IS NULL OR r.unit_id = %(unit)s
ORDER BY r.unit_id, r.id
""",
    stating=" UNION ".join(fill("SELECT id FROM referrals_attachment WHERE {name} = ANY(%({name})s)", name=name) for name in ALGORITHMS),
)
_PRESENT = " UNION ALL ".join(
    fill(
        "SELECT '{name}', v FROM UNNEST(%s::bytea[]) AS told (v) WHERE EXISTS (SELECT FROM referrals_attachment WHERE {name} = v)",
        name=name,
    )
    for name in ALGORITHMS
)
_FINGERPRINTS = """
SELECT DISTINCT pdq FROM referrals_attachment WHERE pdq > %s AND pdq IS NOT NULL ORDER BY pdq LIMIT %s
"""
_AFTER = """
SELECT id, md5, sha1, sha256, pdq FROM referrals_attachment WHERE id > %s ORDER BY id LIMIT %s
"""


def present(digests: Digests) -> set[tuple[str, bytes]]:
    """Those of these digests that any referral states, as algorithm and value."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_PRESENT, [list(digests.get(name, ())) for name in ALGORITHMS])
        return {(name, bytes(value)) for name, value in cursor}


def fingerprints(after: bytes, most: int) -> list[bytes]:
    """The fingerprints that referrals state, each once, in order, behind ``after``, at most so many."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_FINGERPRINTS, [after, most])
        return [bytes(row[0]) for row in cursor]


def after(attachment: UUID | None, most: int) -> tuple[UUID | None, int, set[tuple[str, bytes]]]:
    """The digests that the next attachments state, in the order of their ids: the last id (None at the end), how many they are, digests."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_AFTER, [attachment or UUID(int=0), most])
        rows = cursor.fetchall()
    stated = {(name, bytes(value)) for _, *values in rows for name, value in zip(ALGORITHMS, values, strict=True) if value}
    return (rows[-1][0] if len(rows) == most else None), len(rows), stated


def naming(files: Iterable[UUID], digests: Digests, unit_id: UUID | None = None) -> dict[UUID, list[UUID]]:
    """The referrals of each unit, or of one, that name one of these files, or an archive that it came in, or state one of these digests; closed ones too."""
    wanted = {name: list(digests.get(name, ())) for name in ALGORITHMS}
    told: dict[UUID, list[UUID]] = {}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_NAMING, {"files": members.with_archives(list(files)), "unit": unit_id, **wanted})
        for unit, referral in cursor:
            told.setdefault(unit, []).append(referral)
    return told


def how_many() -> int:
    """Attachments in all."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT count(*) FROM referrals_attachment")
        number: int = cursor.fetchone()[0]
    return number
