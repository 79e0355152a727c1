"""The entries of one list or of all, page by page; what was proposed or taken out; and what an entry found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.matching.listed import GONE, PROPOSED, Page, Which
from grace.matching.models import Proposal
from grace.pipeline import list_entries as pipeline
from grace.web.list_words import value_of
from grace.web.lists.parts import address, of_algorithms, of_states, whole
from grace.web.lists.proposed import shown


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
        "kind": asked.only if asked.only in {PROPOSED, GONE} else "entries",
        "rows": shown(viewer, [each for each in found.rows if isinstance(each, Proposal)]) or _rows(found),
        "first_address": address(list_id, only=asked.only, above=asked.above) if asked.after else "",
        "next_address": address(list_id, only=asked.only, above=asked.above, after=found.after) if found.after else "",
    }
    return render(request, "lists/entries.html", told)


@declares(Kind.CONSULTATION)
@require_safe
def matches(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The matches of an entry that the unit may see."""
    told, rows, after = pipeline.matches_of(viewer_of(request), entry_id, request.GET.get("after", ""))
    shown_rows = [(each, value_of(each.value)) for each in rows]
    return render(
        request, "lists/matched.html", {"e": told.entry, "l": told.entry.hash_list, "matches": shown_rows, **_pager(request, after)}
    )


@declares(Kind.CONSULTATION)
@require_safe
def referrals(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The referrals of the unit that an entry answered for."""
    told, rows, after = pipeline.referrals_of(viewer_of(request), entry_id, request.GET.get("after", ""))
    about = {"e": told.entry, "l": told.entry.hash_list, "referrals": rows, "aside": told.aside}
    return render(request, "lists/matched.html", about | {"of_referrals": True} | _pager(request, after))


def _pager(request: HttpRequest, after: str) -> dict[str, str]:
    return {
        "first_address": request.path if request.GET.get("after") else "",
        "next_address": f"{request.path}?after={after}" if after else "",
    }


def _rows(found: Page) -> list[dict[str, Any]]:
    return [
        {"it": each, "value": value_of(bytes(each.value)), "known": found.known.get(each.id)}
        for each in found.rows
        if not isinstance(each, Proposal)
    ]
