"""Single listed videos: read, with the files of the unit that look like them; set aside, restored, taken out; each act in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.matching import one_video
from grace.matching.models import ListedVideo
from grace.matching.one_video import Alike, Told
from grace.pipeline import jobs
from grace.pipeline.consult import consult, refusals_told
from grace.pipeline.lists import record, reference


def read(viewer: Viewer, video_id: int, only: str = "", after: str = "") -> Told:
    """One listed video, with a page of its pictures."""
    return consult(viewer, "list.video", lambda: one_video.read(viewer, video_id, only, after), _subjects)


def files_of(viewer: Viewer, video_id: int, after: str = "") -> tuple[ListedVideo, list[Alike], str]:
    """A page of the files of the viewer's unit that have a picture near one of the video's, and the key of the next one."""
    return consult(
        viewer,
        "list.video-files",
        lambda: one_video.files(viewer, video_id, after),
        lambda found: [*_about(found[0]), *(f"file:{each.sha256.hex()}" for each in found[1])],
    )


def set_aside(viewer: Viewer, video_id: int, reason: str) -> ListedVideo:
    """Let a listed video count for nothing, for now; what is stored is asked about again."""
    return _act(viewer, "list.set-video-aside", video_id, lambda: one_video.set_aside(viewer, video_id, reason))


def restore(viewer: Viewer, video_id: int, reason: str) -> ListedVideo:
    """Let a listed video count again."""
    return _act(viewer, "list.restore-video", video_id, lambda: one_video.restore(viewer, video_id, reason))


def remove(viewer: Viewer, video_id: int, reason: str) -> tuple[UUID, int]:
    """Take a listed video off its list; the list, and how many entries went, as pictures that something else names stay."""
    with refusals_told(viewer, "list.remove-video", _name(video_id)), transaction.atomic():
        video, removed = one_video.remove(viewer, video_id, reason)
        record(viewer, "list.remove-video", video.hash_list_id, {"removed": str(removed), "videos": "1"}, _name(video_id))
        jobs.follow_lists()
        return video.hash_list_id, removed


def _act(viewer: Viewer, act: str, video_id: int, change: Callable[[], ListedVideo]) -> ListedVideo:
    with refusals_told(viewer, act, _name(video_id)), transaction.atomic():
        video = change()
        record(viewer, act, video.hash_list_id, {}, _name(video_id))
        jobs.follow_lists()
        return video


def _subjects(found: Told) -> Iterator[str]:
    yield from _about(found.video)
    yield from map(reference, found.pictures)


def _about(video: ListedVideo) -> list[str]:
    return [f"list:{video.hash_list_id}", _name(video.id)]


def _name(video_id: int) -> str:
    """A video in the ledger: by its number, which is never given again; what its list calls it may tell of a case."""
    return f"videos:{video_id}"
