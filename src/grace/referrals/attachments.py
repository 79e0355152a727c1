"""What matching and priority need to know of a referral's files: digests, states, and how widespread they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from uuid import UUID

from django.db import connection

from grace.evidence import members
from grace.evidence.members import Inside
from grace.intake.pairs import paired

MOST_COUNTED = 1_000
REPORT = "report"
"""The state of an attachment that is the report itself in another form, such as its PDF: no file of the incident."""
INSIDE = "inside"
"""The state of a file that came in an archive which a referral names: nobody named it, and nobody said anything of it."""

_OF = """
SELECT a.referral_id, v.ordinal, a.name, a.id, a.file_id, a.state, a.viewed, a.uploaded_at, a.md5, a.sha1, a.sha256, a.pdq
FROM referrals_attachment a
JOIN referrals_version v ON v.id = a.version_id AND v.replaced_at IS NULL
WHERE a.referral_id = ANY(%s)
ORDER BY a.referral_id, v.ordinal DESC, a.ordinal
"""
_SPREAD = """
SELECT told.md5, counted.n FROM UNNEST(%s::bytea[]) AS told (md5), LATERAL (
    SELECT count(*) AS n FROM (SELECT 1 FROM referrals_attachment a WHERE a.md5 = told.md5 LIMIT %s) few
) counted
"""

_FILES_OF = """
SELECT DISTINCT a.referral_id, a.file_id FROM referrals_attachment a
JOIN referrals_version v ON v.id = a.version_id AND v.replaced_at IS NULL
WHERE a.referral_id = ANY(%s) AND a.file_id IS NOT NULL
"""
_NAMED_FIRST = """
SELECT told.id, named.referral_id FROM UNNEST(%s::uuid[]) AS told (id), LATERAL (
    SELECT a.referral_id FROM referrals_attachment a WHERE a.file_id = told.id ORDER BY a.id LIMIT 1
) named
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A file as a referral names it; ``digests`` by algorithm, raw."""

    id: UUID
    file_id: UUID | None
    state: str
    viewed: bool | None
    uploaded_at: datetime | None
    digests: Mapping[str, bytes]


def of(referrals: Sequence[UUID]) -> dict[UUID, list[Named]]:
    """The files of each referral, by all versions that stand of it, each file once."""
    told: dict[UUID, list[Named]] = {referral: [] for referral in referrals}
    found: dict[UUID, dict[int, list[tuple[str | None, Named]]]] = {}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF, [list(referrals)])
        for referral, ordinal, name, key, file_id, state, viewed, uploaded_at, *digests in cursor:
            pairs = zip(("md5", "sha1", "sha256", "pdq"), digests, strict=True)
            named = Named(key, file_id, state, viewed, uploaded_at, {algorithm: bytes(value) for algorithm, value in pairs if value})
            found.setdefault(referral, {}).setdefault(ordinal, []).append((name, named))
    for referral, versions in found.items():
        told[referral] = [named for _, named in reduce(_joined, versions.values())]
    return told


def with_members(named: Mapping[UUID, list[Named]]) -> dict[UUID, list[Named]]:
    """The files of each referral, and behind them those that came in its archives, each once; what is named itself is no member."""
    found = members.inside({each.file_id for some in named.values() for each in some if each.file_id})
    return {referral: [*some, *_members(some, found)] for referral, some in named.items()} if found else dict(named)


def _members(named: Sequence[Named], found: Mapping[UUID, Sequence[Inside]]) -> list[Named]:
    own = {each.file_id for each in named if each.file_id}
    came = {each.file_id: each for archive in own for each in found.get(archive, ()) if each.file_id not in own}
    return [Named(file_id, file_id, INSIDE, None, None, each.digests) for file_id, each in sorted(came.items())]


def _joined(newer: list[tuple[str | None, Named]], older: list[tuple[str | None, Named]]) -> list[tuple[str | None, Named]]:
    """The files of both versions: the same file twice becomes one, with what either says of it."""
    pairs, left = paired(newer, older, lambda each: (each[1].digests.get("md5"), each[0]))
    return [*((name, named if same is None else _united(named, same[1])) for (name, named), same in pairs), *left]


def _united(newer: Named, older: Named) -> Named:
    here = newer if newer.file_id or not older.file_id else older
    return replace(
        here,
        viewed=newer.viewed if newer.viewed is not None else older.viewed,
        uploaded_at=newer.uploaded_at or older.uploaded_at,
        digests={**older.digests, **newer.digests},
    )


def spread(md5s: Iterable[bytes]) -> dict[bytes, int]:
    """How many times each MD5 is named by referrals of this agency, counted up to a thousand."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SPREAD, [sorted(set(md5s)), MOST_COUNTED])
        return {bytes(md5): number for md5, number in cursor}


def by_referral(files: Sequence[UUID]) -> list[list[UUID]]:
    """The files, those together that the same referral named first, itself or an archive that they are in; one that none names stands alone."""
    around = members.around(files)
    with closing(connection.cursor()) as cursor:
        cursor.execute(_NAMED_FIRST, [list({*files, *(archive for some in around.values() for archive in some)})])
        first = dict(cursor)
    for file, archives in around.items():
        if file not in first and (named := sorted(first[each] for each in archives if each in first)):
            first[file] = named[0]
    found: dict[UUID, list[UUID]] = {}
    for file in files:
        found.setdefault(first.get(file, file), []).append(file)
    return list(found.values())


def files_of(referrals: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The files that each referral names in a version that stands, and those that came in archives among them."""
    found: dict[UUID, set[UUID]] = {}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_FILES_OF, [list(referrals)])
        for referral, file in cursor:
            found.setdefault(referral, set()).add(file)
    inside = members.inside({file for some in found.values() for file in some})
    return {key: some | {each.file_id for file in some for each in inside.get(file, ())} for key, some in found.items()}


def referrals_naming(files: Sequence[UUID], *, most: int) -> list[UUID]:
    """Referrals that name one of these files, the newest first, at most so many."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT DISTINCT referral_id FROM referrals_attachment WHERE file_id = ANY(%s) ORDER BY referral_id DESC LIMIT %s",
            [list(files), most],
        )
        return [row[0] for row in cursor]
