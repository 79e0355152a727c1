"""The entries of one list or of all, page by page; what was proposed or taken out; and what an entry found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grace.accounts.viewer import Viewer, viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.matching import one_video
from grace.matching.listed import GONE, PROPOSED, VIDEOS, VIDEOS_ASIDE, Page, Which
from grace.matching.look_up import Known
from grace.matching.models import Entry, ListedVideo, Proposal, Removed
from grace.pipeline import list_entries as pipeline
from grace.web.list_words import MEANINGS, value_of
from grace.web.lists.parts import of_algorithms, of_states, whole
from grace.web.lists.proposed import shown

_KINDS = {PROPOSED: PROPOSED, GONE: GONE, VIDEOS: VIDEOS, VIDEOS_ASIDE: VIDEOS}
"""What each part of a list is shown as; entries where nothing else is said."""


@declares(Kind.CONSULTATION)
@require_safe
def entries(request: HttpRequest, list_id: UUID | None = None) -> HttpResponse:
    """A page of what a list, or all lists, hold: the newest first."""
    viewer, query = viewer_of(request), request.GET
    asked = Which(query.get("only", ""), query.get("after", ""), query.get("above", ""))
    found = pipeline.page(viewer, list_id, asked)
    algorithms = of_algorithms(list_id, found.lists)
    parts = [whole(list_id, algorithms), *algorithms, *of_states(list_id, found.lists, even=asked.only)]
    told = {
        "l": found.lists[0] if list_id else None,
        "parts": parts,
        "part": next((each for each in parts if each.only == asked.only), parts[0]),
        "asked": asked,
        "kind": _KINDS.get(asked.only, "entries"),
        "rows": _rows(viewer, found),
    }
    return render(request, "lists/entries.html", told | pager(request, found.after, only=asked.only, above=asked.above))


@declares(Kind.CONSULTATION)
@require_safe
def matches(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The matches of an entry that the unit may see."""
    told, rows, after = pipeline.matches_of(viewer_of(request), entry_id, request.GET.get("after", ""))
    shown_rows = [(each, value_of(each.value)) for each in rows]
    return render(
        request,
        "lists/matched.html",
        {"e": told.entry, "l": told.entry.hash_list, "matches": shown_rows, "rows": rows, **pager(request, after)},
    )


@declares(Kind.CONSULTATION)
@require_safe
def referrals(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The referrals of the unit that an entry answered for."""
    told, rows, after = pipeline.referrals_of(viewer_of(request), entry_id, request.GET.get("after", ""))
    about = {"e": told.entry, "l": told.entry.hash_list, "referrals": rows, "rows": rows, "aside": told.aside}
    return render(request, "lists/matched.html", about | {"of_referrals": True} | pager(request, after))


def pager(request: HttpRequest, after: str, **asked: str) -> dict[str, str]:
    """The addresses of the first page and of the next, where there are such."""
    kept = {name: value for name, value in asked.items() if value}
    first = f"{request.path}?{urlencode(kept)}" if kept else request.path
    return {
        "first_address": first if request.GET.get("after") else "",
        "next_address": f"{request.path}?{urlencode({**kept, 'after': after})}" if after else "",
    }


def _rows(viewer: Viewer, found: Page) -> list[dict[str, Any]]:
    videos = one_video.numbers(viewer, [each for each in found.rows if isinstance(each, ListedVideo)])
    proposed = {each["it"].id: each for each in shown(viewer, [each for each in found.rows if isinstance(each, Proposal)])}
    return [
        {"it": each, "numbers": videos[each.id], "meaning": MEANINGS[each.hash_list.meaning]}
        if isinstance(each, ListedVideo)
        else proposed[each.id]
        if isinstance(each, Proposal)
        else row(each, found.known)
        for each in found.rows
    ]


def row(entry: Entry | Removed, known: Mapping[int, Known]) -> dict[str, Any]:
    """An entry as tables of entries show it."""
    return {"it": entry, "value": value_of(bytes(entry.value)), "known": known.get(entry.id)}
