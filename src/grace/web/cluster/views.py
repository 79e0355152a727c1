"""The page of one cluster."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import cluster_page as pipeline
from grace.pipeline.cluster_page import Tile
from grace.web.referral import shown


@declares(Kind.CONSULTATION)
@require_safe
def cluster(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The near-duplicates of a file; ``?start=`` says from which one on."""
    page = pipeline.cluster_page(viewer_of(request), file_id, _start(request))
    end = page.start + len(page.tiles)
    told = {
        "page": page,
        "tiles": [_shown(each) for each in page.tiles],
        "first": page.start + 1,
        "last": end,
        "before": max(0, page.start - pipeline.A_PAGE) if page.start else None,
        "after": end if end < page.told else None,
    }
    return render(request, "cluster/page.html", told)


def _shown(tile: Tile) -> dict[str, object]:
    word, shape = shown.STANDINGS[tile.standing]
    return {
        "member": tile.member,
        "label": tile.member.sha256.hex()[:8],
        "standing": word,
        "shape": shape,
        "badges": shown.said_in_badges(tile.member.media_type, tile.length, tile.findings),
    }


def _start(request: HttpRequest) -> int:
    text = request.GET.get("start", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= len("1000")):
        raise Invalid(_("This address cannot be read."))
    return int(text)
