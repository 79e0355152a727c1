"""Unpack archives: what came out of one is kept as files, in portions, each of which is noted with its place.

``go_on`` does the slow part and writes nothing; it hands portions over, and ``keep`` writes one in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from grace.evidence import files, members, vault
from grace.evidence.decoding import here
from grace.evidence.decoding.port import NotDecoded, Reason, Take, Unpacked, Unpacking
from grace.evidence.files import Held, Keep
from grace.evidence.media_types import ARCHIVES
from grace.evidence.members import CAME_IN, MOST_DEPTH
from grace.evidence.models import Archive, File, Holding, Member
from grace.kernel.clock import now
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, insert_many

MOST_MEMBERS = 20_000
MOST_BYTES = 4 << 30
"""Members and bytes of all archives together that are unpacked for the sake of one root."""
FREE_BYTES, MOST_RATIO = 256 << 20, 200
"""What may come of one root, however small; and how many times its size, of a larger one."""

_BEGIN = insert_many(
    "evidence_archive",
    {
        "archive_id": "uuid",
        "root_id": "uuid",
        "depth": "smallint",
        "next": "integer",
        "taken": "integer",
        "left_out": "integer",
        "bytes": "bigint",
        "reason": "text",
        "begun_at": "timestamptz",
        "ended_at": "timestamptz",
    },
)
_ONCE = " ON CONFLICT (archive_id) DO NOTHING RETURNING archive_id"
_LESS_DEEP = """
 ON CONFLICT (archive_id) DO UPDATE SET depth = excluded.depth, root_id = excluded.root_id,
    ended_at = CASE WHEN evidence_archive.reason = %s THEN NULL ELSE evidence_archive.ended_at END,
    reason = CASE WHEN evidence_archive.reason = %s THEN '' ELSE evidence_archive.reason END
WHERE excluded.depth < evidence_archive.depth RETURNING archive_id
"""
_MEMBER = {"id": "uuid", "archive_id": "uuid", "place": "integer", "name": "text", "file_id": "uuid", "reason": "text"}
_KEEP = insert_many("evidence_member", _MEMBER)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a portion: the files that came of it, how many places have none, and the archives among the files that are to be unpacked."""

    taken: Sequence[Held]
    left_out: int
    begun: Sequence[UUID]


def archives_among(file_ids: Collection[UUID]) -> list[UUID]:
    """Those that are archives by their first bytes."""
    return list(File.objects.filter(id__in=file_ids, media_type__in=ARCHIVES).order_by("id").values_list("id", flat=True))


def never_begun(after: UUID | None, most: int) -> list[UUID]:
    """Archives, in the order of their ids after ``after``, that nobody began to unpack."""
    rows = File.objects.filter(media_type__in=ARCHIVES, unpacking=None).order_by("id")
    return list((rows.filter(id__gt=after) if after else rows).values_list("id", flat=True)[:most])


def begin(archives: Sequence[UUID], *, root: UUID | None = None, depth: int = 1, again: bool = True) -> list[UUID]:
    """Note that these archives are to be unpacked, for their own sake or that of ``root``; those of which work is due.

    One that was begun already is due where it stands less deep now than before, and ``again`` is set.
    """
    if not archives:
        return []
    moment = now()
    too_deep = depth > MOST_DEPTH
    reason, ended = (Reason.DEPTH.value, moment) if too_deep else ("", None)
    rows = [(each, root or each, depth, 0, 0, 0, 0, reason, moment, ended) for each in sorted(set(archives))]
    values: list[str] = [*by_column(rows, 10), *([Reason.DEPTH.value] * 2 if again else [])]
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN + (_LESS_DEEP if again else _ONCE), values)
        return [] if too_deep else sorted(row[0] for row in cursor.fetchall())


def go_on(archive: Archive, take: Take, passwords: Sequence[str]) -> bool | NotDecoded:
    """Unpack an archive from where it stands, within what is left for its root; see :meth:`grace.evidence.decoding.port.Decoder.unpack`.

    Raises :class:`~grace.kernel.errors.Unavailable` where decoding cannot run, and
    :class:`~grace.evidence.errors.Tampered` where its bytes are not what was sealed.
    """
    room = _room(archive)
    if room.most_members <= archive.next:
        return NotDecoded(Reason.MEMBERS)
    if room.most_total_bytes <= archive.bytes:
        return NotDecoded(Reason.BYTES)
    file = File.objects.select_related("object").filter(id=archive.archive_id).first()
    if file is None:
        return False  # erased meanwhile, and its row here with it
    with vault.open_row(file.object) as stream:
        return here.decoder().unpack(stream, take, first=archive.next, spent=archive.bytes, passwords=passwords, most=room)


def keep(archive_id: UUID, first: int, portion: Sequence[Unpacked]) -> Kept | None:
    """Keep one portion, whose first place is not before ``first``; None where others went on from there, or nobody holds the archive any more."""
    row = Archive.objects.select_for_update().filter(archive_id=archive_id, next=first, ended_at=None).first()
    units = list(Holding.objects.filter(file_id=archive_id).order_by("since").values_list("unit_id", flat=True))
    if row is None or not units:
        return None
    why = f"{CAME_IN}{archive_id}"
    wanted = [each for each in portion if each.failed is None]
    held = files.take_many([Keep(units[0], each.content, why, each.name) for each in wanted])
    by_place = {each.place: file for each, file in zip(wanted, held, strict=True)}
    rows = [
        (new_id(), archive_id, each.place, each.name, by_place[each.place].id if each.place in by_place else None, each.failed or "")
        for each in portion
    ]
    members.lock()
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, by_column(rows, len(_MEMBER)))
    units = list(Holding.objects.filter(file_id=archive_id).order_by("since").values_list("unit_id", flat=True))
    nested = {each.id: units for each in held if each.media_type in ARCHIVES and each.id != archive_id}
    files.hold_also([*((each.id, unit, why) for each in held for unit in units), *members.to_hold(nested)])
    row.next, row.taken, row.left_out = portion[-1].place + 1, row.taken + len(held), row.left_out + len(portion) - len(held)
    row.bytes += sum(len(each.content) for each in portion)
    row.save(update_fields=["next", "taken", "left_out", "bytes"])
    return Kept(held, len(portion) - len(held), begin(sorted(nested), root=row.root_id or archive_id, depth=row.depth + 1))


def end(archive_id: UUID, reason: str) -> None:
    """Note that all of an archive was looked at, or why not."""
    Archive.objects.filter(archive_id=archive_id, ended_at=None).update(ended_at=now(), reason=reason)


def nested_in(archive: Archive) -> list[UUID]:
    """The archives that came out of an archive that is unpacked."""
    rows = Member.objects.filter(archive=archive, file__media_type__in=ARCHIVES).exclude(file_id=archive.archive_id)
    return list(rows.order_by("file_id").values_list("file_id", flat=True).distinct())


def _room(archive: Archive) -> Unpacking:
    """How much may come of an archive, all that came before included."""
    usual = Unpacking()
    root = archive.root_id or archive.archive_id
    others = Archive.objects.filter(root_id=root).exclude(archive_id=archive.archive_id)
    spent = others.aggregate(members=Sum("next"), bytes=Sum("bytes"))
    size = File.objects.filter(id=root).values_list("size", flat=True).first() or 0
    most_bytes = min(MOST_BYTES, max(FREE_BYTES, size * MOST_RATIO))
    return replace(
        usual,
        most_members=max(0, min(usual.most_members, MOST_MEMBERS - (spent["members"] or 0))),
        most_total_bytes=max(0, min(usual.most_total_bytes, most_bytes - (spent["bytes"] or 0))),
    )
