"""Look into files: decode, fingerprint, and keep what was seen or why nothing was.

``look_into`` does the slow part and writes nothing; ``record`` writes. Both together are ``fingerprint_files``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from grace.evidence import vault
from grace.evidence.decoding import here
from grace.evidence.decoding.port import NotDecoded, Printed, Reason, Verdict, Visit
from grace.evidence.models import Examination, File
from grace.evidence.models import Fingerprint as KeptFingerprint
from grace.kernel.clock import now
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, insert_many
from grace.sdk.analysis import Fingerprint

LEAST_QUALITY = 50
"""PDQ below this is kept with its quality, and never matched."""

_FINGERPRINT = {"id": "uuid", "file_id": "uuid", "algorithm": "text", "value": "bytea", "quality": "smallint", "made_at": "timestamptz"}
_EXAMINATION = {
    "id": "uuid",
    "file_id": "uuid",
    "decoded": "boolean",
    "reason": "text",
    "width": "integer",
    "height": "integer",
    "decoder": "text",
    "at": "timestamptz",
}
_KEEP_FINGERPRINTS = insert_many(
    "evidence_fingerprint",
    _FINGERPRINT,
    "ON CONFLICT (file_id, algorithm) DO UPDATE SET value = excluded.value, quality = excluded.quality, made_at = excluded.made_at",
)
_KEEP_EXAMINATIONS = insert_many(
    "evidence_examination",
    _EXAMINATION,
    """ON CONFLICT (file_id) DO UPDATE SET decoded = excluded.decoded, reason = excluded.reason, width = excluded.width,
    height = excluded.height, decoder = excluded.decoder, at = excluded.at""",
)


@dataclass(frozen=True, slots=True)
class Examined:
    """One file and what became of looking into it; and what analysers said that were shown it at the same time."""

    file_id: UUID
    found: Printed | NotDecoded
    decoder: str
    verdicts: tuple[Verdict, ...] = ()


def look_into(groups: Sequence[Sequence[UUID]], analysers: Mapping[UUID, Sequence[str]] | None = None) -> list[Examined]:
    """Decode and fingerprint files, each group of one referral; needs no transaction. Files that are neither pictures nor videos are told so unread.

    ``analysers`` are those that pictures are shown to at the same time, decoded once for all; where that cannot be, they are left out.

    Raises :class:`~grace.kernel.errors.Unavailable` where decoding cannot run, and
    :class:`~grace.evidence.errors.Tampered` where a file's bytes are not what was sealed.
    """
    rows = File.objects.select_related("object").in_bulk([each for group in groups for each in group])
    return [each for group in groups for each in _together([rows[file] for file in group if file in rows], analysers or {})]


def _together(rows: Sequence[File], analysers: Mapping[UUID, Sequence[str]]) -> list[Examined]:
    with here.together():
        return [_look_into(row, analysers.get(row.id, ())) for row in rows]


def videos_among(file_ids: Sequence[UUID]) -> list[UUID]:
    """Those that are videos, of which one may take longer than all else."""
    return list(File.objects.filter(id__in=file_ids, media_type__startswith="video/").order_by("id").values_list("id", flat=True))


def looked_into_otherwise(after: UUID | None, most: int) -> list[UUID]:
    """Pictures and videos, in the order of their ids after ``after``, that another decoder looked into than the one in use now, or none."""
    decoder = here.decoder()
    pictures = Q(media_type__startswith="image/") & ~Q(examination__decoder=decoder.name)
    videos = Q(media_type__startswith="video/") & ~Q(examination__decoder=decoder.name_for_videos)
    rows = File.objects.filter(pictures | videos).order_by("id")
    return list((rows.filter(id__gt=after) if after else rows).values_list("id", flat=True)[:most])


def record(examined: Sequence[Examined]) -> None:
    """Write down what was seen; a file looked into again gets the newer result. Files erased meanwhile are left out."""
    moment = now()
    present = _locked({each.file_id for each in examined})
    kept = sorted((each for each in examined if each.file_id in present), key=lambda each: each.file_id)
    _write(_KEEP_EXAMINATIONS, [_examination(each, moment) for each in kept], len(_EXAMINATION))
    printed = [(each.file_id, each.found.fingerprint) for each in kept if isinstance(each.found, Printed)]
    rows = [(new_id(), file_id, found.algorithm, found.value, found.quality, moment) for file_id, found in printed]
    _write(_KEEP_FINGERPRINTS, rows, len(_FINGERPRINT))


def fingerprint_files(file_ids: Sequence[UUID]) -> list[Examined]:
    """Look into files of one referral and write down what was seen, in the caller's transaction."""
    examined = look_into([file_ids])
    record(examined)
    return examined


def fingerprints_of(file_ids: Iterable[UUID]) -> dict[UUID, list[Fingerprint]]:
    """The fingerprints that are kept, by file; poor quality included."""
    kept: dict[UUID, list[Fingerprint]] = {}
    for row in KeptFingerprint.objects.filter(file_id__in=list(file_ids)).order_by("file_id", "algorithm"):
        kept.setdefault(row.file_id, []).append(Fingerprint(row.algorithm, bytes(row.value), row.quality))
    return kept


def examinations_of(file_ids: Iterable[UUID]) -> dict[UUID, Examination]:
    """What became of looking into files; those not looked into yet are left out."""
    return {row.file_id: row for row in Examination.objects.filter(file_id__in=list(file_ids))}


def _look_into(row: File, analysers: Sequence[str]) -> Examined:
    decoder = here.decoder()
    kind = row.media_type.partition("/")[0]
    if kind not in {"image", "video"}:
        return Examined(row.id, NotDecoded(Reason.FORMAT), decoder.name)
    if kind == "image" and analysers:
        with vault.open_row(row.object) as stream:
            visit = decoder.visit(stream, row.media_type, analysers)
        if isinstance(visit, Visit):
            return Examined(row.id, visit.printed, decoder.name, visit.verdicts)
    with vault.open_row(row.object) as stream:
        if kind == "image":
            return Examined(row.id, decoder.fingerprint(stream), decoder.name)
        return Examined(row.id, decoder.fingerprint_video(stream), decoder.name_for_videos)


def _examination(each: Examined, moment: datetime) -> tuple[object, ...]:
    if isinstance(each.found, NotDecoded):
        return (new_id(), each.file_id, False, str(each.found), None, None, each.decoder, moment)
    return (new_id(), each.file_id, True, "", each.found.width, each.found.height, each.decoder, moment)


def _locked(file_ids: Iterable[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM evidence_file WHERE id = ANY(%s) ORDER BY sha256 FOR KEY SHARE", [list(file_ids)])
        return {row[0] for row in cursor.fetchall()}


def _write(statement: str, rows: Sequence[tuple[object, ...]], width: int) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, by_column(rows, width))
