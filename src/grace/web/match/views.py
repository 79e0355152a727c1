"""The page of one match."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.matching.digests import PDQ
from grace.matching.models import Match
from grace.pipeline.match_page import match_page
from grace.web import words
from grace.web.list_words import NAMES
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
    page = match_page(viewer_of(request), match_id)
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
        "named_by": [
            (each, [(words.AXES[reason.axis][0], reason) for reason in page.speaks.get(each.referral_id, ())]) for each in page.named_by
        ],
    }
    return render(request, "match/page.html", told)


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
