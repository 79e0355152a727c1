"""Kept searches in words: what each looks for, and by which filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from grace.casework.kept.keep import Kept
from grace.web import words
from grace.web.search.asked import Asked
from grace.web.search.facets import FILES_SAY


@dataclass(frozen=True, slots=True)
class Shown:
    """A kept search and its filters in words."""

    kept: Kept
    filters: str


def shown(found: Sequence[Kept], senders: Sequence[tuple[UUID, str]]) -> list[Shown]:
    """The rows of the list."""
    return [Shown(each, ", ".join(filters_of(Asked.asking(each.it), senders))) for each in found]


def filters_of(asked: Asked, senders: Sequence[tuple[UUID, str]]) -> list[str]:
    """The filters of a search."""
    return list(_filters(asked, senders))


def _filters(asked: Asked, senders: Sequence[tuple[UUID, str]]) -> Iterator[str]:
    if asked.status:
        yield str(words.STATUSES[asked.status])
    if asked.kind:
        yield str(words.INCIDENTS.get(asked.kind, asked.kind))
    if asked.state:
        yield words.recipient(asked.state)
    if asked.sender:
        yield next((name for key, name in senders if str(key) == asked.sender), "\u2013")
    if asked.files:
        yield str(FILES_SAY[asked.files])
    if asked.since:
        yield _("since %(day)s") % {"day": asked.since}
    if asked.until:
        yield _("until %(day)s") % {"day": asked.until}
