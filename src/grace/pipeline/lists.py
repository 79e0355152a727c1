"""Changing hash lists: in one transaction with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel.errors import Missing, Refused
from grace.matching import lists
from grace.matching.export import Export, write
from grace.matching.lists import About
from grace.matching.load import PLAINLY, How, Loaded, load
from grace.matching.models import Entry, HashList
from grace.pipeline import jobs
from grace.pipeline.consult import refusals_told

PURPOSE = "matching"


def import_list(
    viewer: Viewer,
    stream: BinaryIO,
    name: str,
    *,
    source: str,
    default_category: str = "",
    unit_id: UUID | None = None,
    how: How = PLAINLY,
    progress: Callable[[int], None] = lambda _read: None,
) -> Loaded:
    """Load a list; see :func:`grace.matching.load.load`.

    Raises :class:`Refused` for another unit, without the capability, and for a list that two officers fill entry by entry.
    """
    with refusals_told(viewer, "list.import"), transaction.atomic():
        require(viewer, unit_id)
        loaded = load(
            stream, name, source=source, default_category=default_category, unit_id=unit_id, how=how, by=viewer.actor, progress=progress
        )
        counts = {word: str(getattr(loaded, word)) for word in ("added", "changed", "known", "removed", "refused")}
        counts |= {"videos": str(loaded.videos)} if loaded.videos else {}
        counts |= {"left_out": str(sum(loaded.left_out.values())), "format": loaded.format, "mode": how.mode, "content": loaded.content}
        record(viewer, "list.import", loaded.list_id, counts)
        if loaded.added or loaded.changed or loaded.removed or loaded.videos:
            jobs.follow_lists()
    return loaded


def export_list(viewer: Viewer, list_id: UUID, wanted: Export, recipient: str) -> Iterator[bytes]:
    """The list as a file, piece by piece. That it leaves is written down first, with whom it is for; then it is streamed.

    Raises :class:`Missing`, and :class:`Refused` without the capability and for a list that may not be passed on.
    """
    with refusals_told(viewer, "list.export", f"list:{list_id}", kind=Kind.DISCLOSURE):
        hash_list = require_one(viewer, list_id)
        if not (hash_list.may_pass_on or hash_list.is_own):
            raise Refused(
                _("This list may not be passed on."),
                remedy=_("Where its source has agreed, say so on the page of the list, and try again."),
            )
        wanted.check()
    with transaction.atomic():
        detail = {"format": wanted.format.replace(".", "-")}
        line = Line(Kind.DISCLOSURE, "list.export", viewer.actor, PURPOSE, (f"list:{list_id}",), detail, recipient=recipient)
        ledger.record(line)
    return write(hash_list, wanted)


def describe(viewer: Viewer, list_id: UUID, about: About) -> HashList:
    """Say what a list is: its meaning, licence, handling conditions, when an entry is noisy."""
    with refusals_told(viewer, "list.describe", f"list:{list_id}"):
        require_one(viewer, list_id)
    with transaction.atomic():
        found = lists.describe(list_id, about)
        detail = {"meaning": found.meaning, "may_pass_on": "yes" if found.may_pass_on else "no", "noisy": str(found.noisy_referrals or 0)}
        record(viewer, "list.describe", list_id, detail)
    return found


def remove(viewer: Viewer, list_id: UUID) -> int:
    """Take a list out; how many entries it held. Raises :class:`Refused` and :class:`Missing`."""
    with refusals_told(viewer, "list.remove", f"list:{list_id}"):
        require_one(viewer, list_id)
    with transaction.atomic():
        entries = lists.remove(list_id)
        record(viewer, "list.remove", list_id, {"removed": str(entries)})
        jobs.follow_lists()
    return entries


def remove_video(viewer: Viewer, list_id: UUID, label: str) -> int:
    """Take a listed video off a list; how many entries went. Raises :class:`Refused` and :class:`Missing`."""
    with refusals_told(viewer, "list.remove-video", f"list:{list_id}"):
        require_one(viewer, list_id)
    with transaction.atomic():
        entries = lists.remove_video(list_id, label, viewer.actor)
        record(viewer, "list.remove-video", list_id, {"removed": str(entries), "videos": "1"})
        jobs.follow_lists()
    return entries


def require_one(viewer: Viewer, list_id: UUID) -> HashList:
    """A list that the viewer may change. Raises :class:`Missing` for another unit's, :class:`Refused` without the capability."""
    if viewer.via != "operator":
        viewer.require(Capability.MANAGE_LISTS)
    hash_list = HashList.objects.filter(id=list_id).first()
    if hash_list is None or not _serves(viewer, hash_list.unit_id):
        raise Missing(_("There is no such list."))
    return hash_list


def require(viewer: Viewer, unit_id: UUID | None) -> None:
    """Whoever runs the machine may load lists; an officer needs the capability, and the agency's or the own unit's list."""
    if viewer.via == "operator":
        return
    viewer.require(Capability.MANAGE_LISTS)
    if not _serves(viewer, unit_id):
        raise Refused(_("This list would serve another unit."), remedy=_("Load it for your own unit, or for all."))


def record(viewer: Viewer, act: str, list_id: UUID, detail: dict[str, str], *more: str) -> None:
    """Write an alteration of a list down; ``more`` names what it was about besides the list."""
    ledger.record(Line(Kind.ALTERATION, act, viewer.actor, PURPOSE, (f"list:{list_id}", *more), detail))


def reference(entry: Entry) -> str:
    """An entry in the ledger: by its hash, which stays what it is when the entry is gone."""
    return f"{entry.algorithm}:{bytes(entry.value).hex()}"


def _serves(viewer: Viewer, unit_id: UUID | None) -> bool:
    return unit_id is None or unit_id == viewer.unit_id or viewer.via == "operator"
