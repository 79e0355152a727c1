"""The versions of a referral: the list with its contradictions, and two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import versions as pipeline
from grace.pipeline.versions import Against
from grace.referrals.contradictions import FieldLine
from grace.referrals.models import Contradiction
from grace.web.referral import fields

MOST_LINES = 1_000


@declares(Kind.CONSULTATION)
@require_safe
def versions(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """All versions and contradictions; ``?at=`` as we knew them then; ``?older=1&newer=2`` goes to the two side by side."""
    pair = request.GET.get("older", ""), request.GET.get("newer", "")
    if all(pair):
        older, newer = sorted(_number(each) for each in pair)
        return redirect("compare-versions", referral_id, older, newer)
    found = pipeline.versions(viewer_of(request), referral_id, _moment(request.GET.get("at", "")))
    told = {
        "found": found,
        "row": found.row,
        "uncovered": found.uncovered,
        "lines": [(each, [fields.label(name) for name in each.corrected]) for each in found.lines],
        "standing": [_contradiction(each, uncovered=found.uncovered) for each in found.standing],
        "settled": [_contradiction(each, uncovered=found.uncovered) for each in found.settled],
        "older": found.lines[1].version.ordinal if len(found.lines) > 1 else 0,
        "newer": found.lines[0].version.ordinal if found.lines else 0,
    }
    return render(request, "referral/versions.html", told)


@declares(Kind.CONSULTATION)
@require_safe
def compare(request: HttpRequest, referral_id: UUID, older: int, newer: int) -> HttpResponse:
    """Two versions side by side; ``?all=1`` shows what is the same too."""
    found = pipeline.compare(viewer_of(request), referral_id, older, newer)
    everything = bool(request.GET.get("all"))
    lines = sorted((each for each in found.fields if everything or each.one != each.other), key=lambda each: not each.differs)
    told = {
        "found": found,
        "row": found.row,
        "uncovered": found.uncovered,
        "older": older,
        "newer": newer,
        "lines": [_line(each, uncovered=found.uncovered) for each in lines[:MOST_LINES]],
        "more": max(0, len(lines) - MOST_LINES),
        "everything": everything,
        "same": sum(each.one == each.other for each in found.fields),
        "differing": sum(each.differs for each in found.fields),
    }
    return render(request, "referral/compare.html", told)


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line: the field in words, what it is said of, the two values in words, and what to make of them."""

    label: str
    of: str
    one: str | None
    other: str | None
    state: str
    is_different: bool


def _line(each: FieldLine, *, uncovered: bool) -> LineShown:
    if each.differs:
        state = _("differs")
    elif each.one == each.other:
        state = _("same")
    elif each.one is None:
        state = _("only the second says it") if each.one_may else _("the first has no place for it")
    else:
        state = _("only the first says it") if each.other_may else _("the second has no place for it")
    one, other = (fields.values(said) if said is not None else None for said in (each.one, each.other))
    return LineShown(fields.label(each.field), fields.about(each.of, uncovered=uncovered), one, other, state, each.differs)


@dataclass(frozen=True, slots=True)
class ContradictionShown:
    """A contradiction with both sources."""

    it: Contradiction
    since: datetime
    label: str
    of: str
    older: str
    newer: str


def _contradiction(found: Against, *, uncovered: bool) -> ContradictionShown:
    it = found.it
    about = fields.about(it.of, uncovered=uncovered)
    return ContradictionShown(it, found.since, fields.label(it.field), about, fields.values(it.older_says), fields.values(it.newer_says))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Invalid(_("This address cannot be read: versions are numbers."), remedy=_("Choose two versions of the list."))
    return int(text)


def _moment(text: str) -> datetime | None:
    """A moment as the browser's field writes it, in UTC; None where none is asked for."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Invalid(_("This is no moment."), remedy=_("Give day and time, in UTC.")) from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
