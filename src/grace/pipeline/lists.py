"""Changing hash lists: in one transaction with its entry in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
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
from grace.matching.lists import Loaded
from grace.matching.models import HashList
from grace.pipeline import jobs
from grace.pipeline.consult import refusals_told

PURPOSE = "matching"


def import_csv(
    viewer: Viewer,
    stream: BinaryIO,
    name: str,
    *,
    source: str,
    default_category: str = "",
    unit_id: UUID | None = None,
    progress: Callable[[int], None] = lambda _lines: None,
) -> Loaded:
    """Load a list; see :func:`grace.matching.lists.load_csv`. Raises :class:`Refused` for another unit or without the capability."""
    with refusals_told(viewer, "list.import"):
        _require(viewer, unit_id)
    read = _Digesting(stream)
    with transaction.atomic():
        loaded = lists.load_csv(read, name, source=source, default_category=default_category, unit_id=unit_id, progress=progress)
        counts = {word: str(getattr(loaded, word)) for word in ("added", "changed", "known", "refused")}
        _record(viewer, "list.import", loaded.list_id, counts | {"content": read.digest.hexdigest()})
        jobs.follow_lists()
    return loaded


def remove(viewer: Viewer, list_id: UUID) -> int:
    """Take a list out; how many entries it held. Raises :class:`Refused` and :class:`Missing`."""
    with refusals_told(viewer, "list.remove"):
        hash_list = HashList.objects.filter(id=list_id).first()
        if hash_list is None or not _serves(viewer, hash_list.unit_id):
            raise Missing(_("There is no such list."))
        _require(viewer, hash_list.unit_id)
    with transaction.atomic():
        entries = lists.remove(list_id)
        _record(viewer, "list.remove", list_id, {"removed": str(entries)})
        jobs.follow_lists()
    return entries


def _serves(viewer: Viewer, unit_id: UUID | None) -> bool:
    return unit_id is None or unit_id == viewer.unit_id or viewer.via == "operator"


def _require(viewer: Viewer, unit_id: UUID | None) -> None:
    """Whoever runs the machine may load lists; an officer needs the capability, and the agency's or the own unit's list."""
    if viewer.via == "operator":
        return
    viewer.require(Capability.MANAGE_LISTS)
    if not _serves(viewer, unit_id):
        raise Refused(_("This list would serve another unit."), remedy=_("Load it for your own unit, or for all."))


def _record(viewer: Viewer, act: str, list_id: UUID, detail: dict[str, str]) -> None:
    ledger.record(Line(Kind.ALTERATION, act, viewer.actor, PURPOSE, (f"list:{list_id}",), detail))


class _Digesting:
    """A stream of lines that remembers the SHA-256 of what was read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def readline(self, size: int = -1, /) -> bytes:
        line = self._stream.readline(size)
        self.digest.update(line)
        return line
