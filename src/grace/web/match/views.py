"""The page of one match, and what it is about page by page: the files of the unit, and the referrals that name one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.matching.digests import PDQ
from grace.matching.models import Match
from grace.pipeline import match_page as pipeline
from grace.pipeline.match_page import Rows
from grace.priority.explain import Speaks
from grace.referrals.naming import NamedBy
from grace.web import words
from grace.web.list_words import NAMES
from grace.web.lists.entries import pager
from grace.web.match import grid


@dataclass(frozen=True, slots=True)
class Drawing:
    """A fingerprint, or what two differ in, as squares: the path, what it is, and the same in words."""

    path: str
    title: str
    says: str


@declares(Kind.CONSULTATION)
@require_safe
def match(request: HttpRequest, match_id: int) -> HttpResponse:
    """One match: the two values, the entry and its list, what holds and names it, what it changes."""
    viewer = viewer_of(request)
    page = pipeline.match_page(viewer, match_id)
    told = {
        "page": page,
        "match": page.match,
        "entry": page.match.entry,
        "list": page.match.entry.hash_list,
        "algorithm": NAMES.get(page.match.algorithm, page.match.algorithm),
        "value": bytes(page.match.value).hex(),
        "entry_value": bytes(page.match.entry.value).hex(),
        "drawings": drawings(page.match),
        "holdings": [(each, page.overlaps.get(each.file_id, ())) for each in page.holdings],
        "named_by": _with_reasons(page.named_by, page.speaks),
        "may_manage": viewer.may(Capability.MANAGE_LISTS),
    }
    return render(request, "match/page.html", told)


@declares(Kind.CONSULTATION)
@require_safe
def files(request: HttpRequest, match_id: int) -> HttpResponse:
    """All files of the unit that the match is about, page by page."""
    found = pipeline.files_of(viewer_of(request), match_id, request.GET.get("after", ""))
    return _rows(request, found, {"rows": found.holdings})


@declares(Kind.CONSULTATION)
@require_safe
def referrals(request: HttpRequest, match_id: int) -> HttpResponse:
    """All referrals of the unit that name what was matched, page by page, and what rules made of it."""
    found = pipeline.referrals_of(viewer_of(request), match_id, request.GET.get("after", ""))
    return _rows(request, found, {"rows": _with_reasons(found.named_by, found.speaks), "of_referrals": True})


def _rows(request: HttpRequest, found: Rows, told: dict[str, Any]) -> HttpResponse:
    about = {"match": found.match, "entry": found.match.entry, "list": found.match.entry.hash_list}
    return render(request, "match/rows.html", about | told | pager(request, found.after))


def _with_reasons(
    named_by: Sequence[NamedBy], speaks: Mapping[UUID, Sequence[Speaks]]
) -> list[tuple[NamedBy, list[tuple[Promise, Speaks]]]]:
    """Each referral with what rules made of its files, by axis in words."""
    return [(each, [(words.AXES[reason.axis][0], reason) for reason in speaks.get(each.referral_id, ())]) for each in named_by]


def drawings(found: Match) -> list[Drawing]:
    """The stored fingerprint, the entry's, and where they differ; none for a digest, which is equal or nothing."""
    if found.algorithm != PDQ:
        return []
    here, listed = bytes(found.value), bytes(found.entry.value)
    differ = grid.apart(here, listed)
    number = grid.bits(differ)
    says = ngettext("%(n)d of 256 bits differs", "%(n)d of 256 bits differ", number) % {"n": number}
    return [
        Drawing(grid.path(here), _("Here"), _set_bits(here)),
        Drawing(grid.path(listed), _("On the list"), _set_bits(listed)),
        Drawing(grid.path(differ), _("Difference"), says),
    ]


def _set_bits(value: bytes) -> str:
    return _("%(n)d of 256 bits are set") % {"n": grid.bits(value)}
