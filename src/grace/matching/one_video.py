"""Single listed videos: reading one with all that is known of it, the files that look like it, setting it aside and back, taking it out.

Its pictures are entries, and what is thought of them is said of each. What is done about the video is done about it alone: a picture
that is listed for itself, or in another video, stays what else it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.kernel.sql import fill
from grace.matching import due, listed, lists
from grace.matching.entries import reason_of, require_officer, require_reader, serving
from grace.matching.listed import MOST_COUNTED, Count, Part
from grace.matching.look_up import Known
from grace.matching.models import Entry, ListedVideo

_ASIDE = "EXISTS (SELECT FROM matching_setaside a WHERE a.entry_id = p.entry AND a.restored_at IS NULL)"
_SAID = "EXISTS (SELECT FROM matching_opinion o WHERE o.entry_id = p.entry AND o.stance = '{stance}')"
_SHARED = """
EXISTS (SELECT FROM matching_naming n WHERE n.entry_id = p.entry AND n.item <> v.item)
OR EXISTS (SELECT FROM matching_entry e WHERE e.id = p.entry AND e.item <> v.item)
"""
CONDITIONS: Mapping[str, str] = {
    "": "true",
    "aside": _ASIDE,
    "disputed": fill(_SAID, stance="dispute"),
    "confirmed": fill(_SAID, stance="confirm"),
    "shared": f"({_SHARED})",
}
"""What can be asked for of a video's pictures; ``shared`` are those that something else on the list names too."""

_OF = "FROM matching_listed_video v CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p WHERE v.id"
_PAGE = fill("SELECT p.entry {of} = %(video)s AND {condition}{behind} ORDER BY 1 DESC LIMIT %(most)s", of=_OF)
_SHARED_BY = fill("SELECT count(*) {of} = %s AND {condition}", of=_OF, condition=CONDITIONS["shared"])
# Joined, not asked for each picture: a page of videos has tens of thousands.
_NUMBERS = """
WITH pictures AS MATERIALIZED (
    SELECT v.id, p.entry FROM matching_listed_video v CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p
    WHERE v.id = ANY(%(videos)s)
), said AS MATERIALIZED (
    SELECT entry_id, bool_or(stance = 'dispute') AS disputed, bool_or(stance = 'confirm') AS confirmed FROM matching_opinion
    WHERE hash_list_id IN (SELECT hash_list_id FROM matching_listed_video WHERE id = ANY(%(videos)s)) GROUP BY entry_id
)
SELECT id, count(*), count(a.entry_id), count(*) FILTER (WHERE s.disputed), count(*) FILTER (WHERE s.confirmed)
FROM pictures LEFT JOIN matching_setaside a ON a.entry_id = entry AND a.restored_at IS NULL LEFT JOIN said s ON s.entry_id = entry
GROUP BY id
"""
_FILES = """
FROM matching_listed_video v CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p
JOIN matching_match m ON m.entry_id = p.entry AND m.algorithm = 'pdq'
JOIN matching_held h ON h.value = m.value AND h.algorithm = 'pdq'
JOIN evidence_fingerprint f ON f.id = h.fingerprint_id
JOIN evidence_holding o ON o.file_id = f.file_id AND o.unit_id = %(unit)s
"""
_HOW_MANY_FILES = fill(
    """
SELECT asked.id, (SELECT count(*) FROM (SELECT DISTINCT f.file_id {files} WHERE v.id = asked.id LIMIT %(most)s) counted)
FROM UNNEST(%(videos)s::bigint[]) AS asked (id)
""",
    files=_FILES,
)
_WHICH_FILES = fill("SELECT DISTINCT f.file_id {files} WHERE v.id = %(video)s{behind} ORDER BY 1 DESC LIMIT %(most)s", files=_FILES)
_EACH_FILE = fill(
    """
SELECT o.file_id, e.sha256, e.media_type, o.since, found.pictures, found.distance, found.match FROM (
    SELECT f.file_id, count(DISTINCT p.entry) AS pictures, min(m.distance) AS distance,
           (array_agg(m.id ORDER BY m.distance, m.id))[1] AS match
    {files} WHERE v.id = %(video)s AND o.file_id = ANY(%(keys)s) GROUP BY f.file_id
) found
JOIN evidence_file e ON e.id = found.file_id
JOIN evidence_holding o ON o.file_id = e.id AND o.unit_id = %(unit)s
ORDER BY o.file_id DESC
""",
    files=_FILES,
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many pictures a video has, and of how many something is thought or done; how many files of the unit have one like them.

    ``files`` is None for who may not read them.
    """

    pictures: int
    aside: int
    disputed: int
    confirmed: int
    files: Count | None


@dataclass(frozen=True, slots=True)
class Told:
    """A listed video, its numbers, a page of its pictures with what each is worth, and the key of the next page or nothing.

    ``shared`` are its pictures that something else on the list names too.
    """

    video: ListedVideo
    numbers: Numbers
    shared: int
    pictures: Sequence[Entry]
    known: Mapping[int, Known]
    after: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A file of the unit that has pictures near those of a listed video: how many of these, how far the nearest, and its match."""

    file_id: UUID
    sha256: bytes
    media_type: str
    since: datetime
    pictures: int
    distance: int
    match: int


def numbers(viewer: Viewer, videos: Iterable[ListedVideo]) -> dict[int, Numbers]:
    """The numbers of each of these videos, by its id."""
    ids = [each.id for each in videos]
    if not ids:
        return {}
    files: dict[int, Count] = {}
    if viewer.may(Capability.READ):
        asked = {"unit": viewer.unit_id, "videos": ids, "most": MOST_COUNTED + 1}
        files = {video: listed.capped(number) for video, number in _run(_HOW_MANY_FILES, asked)}
    counted = {video: tuple(some) for video, *some in _run(_NUMBERS, {"videos": ids})}

    def told(video: int) -> Numbers:
        pictures, aside, disputed, confirmed = counted.get(video, (0, 0, 0, 0))
        return Numbers(pictures, aside, disputed, confirmed, files.get(video))

    return {each: told(each) for each in ids}


def read(viewer: Viewer, video_id: int, only: str = "", after: str = "", most: int = 50) -> Told:
    """One video of a list that serves the viewer's unit. Raises :class:`Missing`, and :class:`Invalid` for a strange key."""
    require_reader(viewer)
    video = _shown(viewer, video_id)
    if only not in CONDITIONS:
        raise Invalid(_("There is no such part of a video."))
    bound: dict[str, Any] = {"video": video.id, "most": most + 1}
    behind = " AND p.entry < %(after)s" if after else ""
    if after:
        bound["after"] = listed.key(Part("matching_entry", "id"), after)
    keys = [row[0] for row in _run(fill(_PAGE, condition=CONDITIONS[only], behind=behind), bound)]
    pictures = list(Entry.objects.filter(id__in=keys[:most]).select_related("hash_list").order_by("-id"))
    onward = str(keys[most - 1]) if len(keys) > most else ""
    ((shared,),) = _run(_SHARED_BY, [video.id])
    return Told(video, numbers(viewer, [video])[video.id], shared, pictures, listed.weighed(pictures), onward)


def files(viewer: Viewer, video_id: int, after: str = "", most: int = 50) -> tuple[ListedVideo, list[Alike], str]:
    """A page of the files of the viewer's unit that have a picture near one of the video's, and the key of the next page or nothing."""
    viewer.require(Capability.READ)
    video = _shown(viewer, video_id)
    bound: dict[str, Any] = {"video": video.id, "unit": viewer.unit_id, "most": most + 1}
    behind = " AND o.file_id < %(after)s" if after else ""
    if after:
        bound["after"] = listed.key(listed.PARTS[listed.PROPOSED], after)
    keys = [row[0] for row in _run(fill(_WHICH_FILES, behind=behind), bound)]
    found = [Alike(file, bytes(sha256), *more) for file, sha256, *more in _run(_EACH_FILE, {**bound, "keys": keys[:most]})]
    return video, found, str(keys[most - 1]) if len(keys) > most else ""


def set_aside(viewer: Viewer, video_id: int, reason: str) -> ListedVideo:
    """Let a listed video count for nothing, for now. Raises :class:`Conflict` where it counts for nothing already."""
    video = _to_change(viewer, video_id)
    because = reason_of(reason)
    if video.is_aside:
        raise Conflict(_("This video is set aside already."))
    video.set_at, video.set_by, video.reason = now(), viewer.actor, because
    video.restored_at, video.restored_by, video.restored_because = None, "", ""
    return _changed(video)


def restore(viewer: Viewer, video_id: int, reason: str) -> ListedVideo:
    """Let a listed video count again. Raises :class:`Conflict` where it counts."""
    video = _to_change(viewer, video_id)
    because = reason_of(reason)
    if not video.is_aside:
        raise Conflict(_("This video is not set aside."))
    video.restored_at, video.restored_by, video.restored_because = now(), viewer.actor, because
    return _changed(video)


def remove(viewer: Viewer, video_id: int, reason: str) -> tuple[ListedVideo, int]:
    """Take a listed video off its list, with a reason that is kept beside each entry that goes; how many went."""
    require_officer(viewer, Capability.MANAGE_LISTS)
    video = _shown(viewer, video_id)
    return video, lists.remove_video(video.hash_list_id, video.label, viewer.actor, reason_of(reason))


def _to_change(viewer: Viewer, video_id: int) -> ListedVideo:
    require_officer(viewer, Capability.MANAGE_LISTS)
    _shown(viewer, video_id)
    found = ListedVideo.objects.select_for_update().filter(id=video_id).first()
    if found is None:
        raise _missing()
    return found


def _changed(video: ListedVideo) -> ListedVideo:
    """All that is stored and near one of its pictures is to be asked about again."""
    video.save()
    due.ask_about_videos(video.hash_list_id, [video.item])
    return video


def _shown(viewer: Viewer, video_id: int) -> ListedVideo:
    found = ListedVideo.objects.filter(serving(viewer), id=video_id).select_related("hash_list").first()
    if found is None:
        raise _missing()
    return found


def _missing() -> Missing:
    return Missing(_("There is no such video."))


def _run(statement: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
