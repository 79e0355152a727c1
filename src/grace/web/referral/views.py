"""The page of one referral, its versions side by side, and the whole document."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grace.accounts.viewer import Viewer, viewer_of
from grace.casework.decide import NEEDS_CONFIRMATION
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.matching.weigh import Standing
from grace.pipeline import referral_page as pipeline
from grace.pipeline.referral_page import LEAVES_A_PAGE, ReferralPage
from grace.referrals.attachments import REPORT
from grace.referrals.models import Sighting
from grace.web import exchange_words as exchange
from grace.web import learned_words, words
from grace.web.referral import passages, persons, shown, states
from grace.web.referral.timeline import timeline
from grace.web.words import CRITERIA, recipient

MOST_IN_TABLE = 500


@declares(Kind.CONSULTATION)
@require_safe
def referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One referral; ``?version=2`` shows an earlier one."""
    viewer = viewer_of(request)
    page = pipeline.referral_page(viewer, referral_id, _number(request, "version"))
    return render(
        request, "referral/page.html", {**_facts(page), **_estimates(page), **_acts(viewer, page), **_states(page), **_exchanged(page)}
    )


@declares(Kind.CONSULTATION)
@require_safe
def document(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Everything that the document says, leaf by leaf."""
    start = _number(request, "start") or 0
    only_unknown = bool(request.GET.get("unknown"))
    found = pipeline.leaves(viewer_of(request), referral_id, _number(request, "version"), start=start, only_unknown=only_unknown)
    told = {
        "found": found,
        "row": found.row,
        "first": found.start + 1 if found.leaves else 0,
        "last": found.start + len(found.leaves),
        "next": found.start + LEAVES_A_PAGE if found.start + LEAVES_A_PAGE < found.total else None,
        "previous": max(0, found.start - LEAVES_A_PAGE) if found.start else None,
    }
    return render(request, "referral/document.html", told)


def _facts(page: ReferralPage) -> dict[str, Any]:
    """What the senders and the bytes say."""
    told, uncovered = page.told, page.uncovered
    standings = Counter(each.standing for each in page.files)
    return {
        "page": page,
        "row": page.row,
        "version": told.version,
        "uncovered": uncovered,
        "parties": list(persons.parties(told, page.shared, uncovered=uncovered)),
        "files": [shown.file(each, uncovered=uncovered) for each in page.files],
        "inside": [shown.inside(each, uncovered=uncovered) for each in page.inside[0]],
        "inside_total": page.inside[1],
        "standings": [(shown.STANDINGS[each][0], standings[each]) for each in Standing if standings[each]],
        "renditions": [each for each in told.attachments if each.state == REPORT and each.file_id],
        "here": sum(each.attachment.file_id is not None for each in page.files),
        "timeline": timeline(told.sightings),
        "sightings": [_sighting(each, uncovered=uncovered) for each in told.sightings[:MOST_IN_TABLE]],
        "passages": list(passages.of(page.canonical, told.sightings, page.heard, page.said, uncovered=uncovered)),
        "reading_notes": page.canonical.get("notes", []),
        "leaves": len(page.canonical["leaves"]),
        "unknown_leaves": sum(not leaf["known"] for leaf in page.canonical["leaves"]),
        "alone": len(told.standing) == 1 < sum(each.replaced_at is None for each in page.versions),
        "replaced": told.version.replaced_at is not None,
    }


def _sighting(each: Sighting, *, uncovered: bool) -> dict[str, Any]:
    """A line of the table twin, without the value while covered."""
    return {
        "it": each,
        "kind": persons.KINDS.get(each.identifier.kind, each.identifier.kind),
        "value": each.identifier.value if uncovered else "",
    }


def _estimates(page: ReferralPage) -> dict[str, Any]:
    """Why it stands where it stands."""
    officers = shown.named(page.colleagues)
    return {
        "axes": list(shown.axes(page.assessment)),
        "floors": shown.floors(page.assessment),
        "learned": [(learned_words.line(each), each.points) for each in page.learned],
        "of_thousand": learned_words.of_thousand(page.row.score),
        "last_change": shown.last_change(page.changed),
        "what_if": [shown.what_if(each) for each in page.what_if],
        "history": [shown.entry(each, officers) for each in page.history],
        "groups": [(each, words.group_title(each.group), words.because(each.group.kind, each.evidence)) for each in page.groups],
        "decisions": [(each, shown.ACTS.get(each.act, each.act)) for each in page.decisions],
    }


def _states(page: ReferralPage) -> dict[str, Any]:
    """The states concerned, and what else the evidence speaks for."""
    found = page.concerned
    return {
        "recipients": [(recipient(key), key) for key in found.recipients],
        "states": list(states.recipients(found, page.told.persons)),
        "weak_states": list(states.weak(found, page.told.persons)),
        "corrections": [(each, states.ACTS[each.act], recipient(each.recipient)) for each in found.corrections],
        "criteria": [(key, CRITERIA[key]) for key in ("offence", "suspect", "victim")],
    }


def _exchanged(page: ReferralPage) -> dict[str, Any]:
    """What was handed over to other agencies, and what came from them."""
    return {
        "handed": [exchange.dispatch(each) for each in page.exchanged.dispatches],
        "came": [exchange.arrival(each) for each in page.exchanged.arrivals],
    }


def _acts(viewer: Viewer, page: ReferralPage) -> dict[str, Any]:
    """What the viewer can do now: only the last decision that stands can be taken back."""
    row = page.row
    mine = row.officer_id == viewer.officer_id
    standing = [each for each in page.decisions if each.act != "take_back" and not hasattr(each, "reversed_by")]
    return {
        "may_take": row.status == "open" or (row.status == "taken" and row.officer_id is None),
        "mine": mine and row.status == "taken",
        "closed": row.status == "closed",
        "asks_again": bool(row.floor) and bool(NEEDS_CONFIRMATION),
        "last_decision": (standing[0], shown.ACTS.get(standing[0].act, standing[0].act)) if standing else None,
        "closing": [
            ("duplicate", _("Duplicate"), _("The same report is here already.")),
            ("known", _("Known"), _("Everything in it is known and worked.")),
            ("not_actionable", _("Not actionable"), _("There is no lead to follow.")),
            ("not_criminal", _("Not criminal"), _("What is reported is no offence.")),
        ],
    }


def _number(request: HttpRequest, name: str) -> int | None:
    """A small whole number of the address; raises :class:`Invalid` for anything else."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Invalid(_("This address cannot be read: “%(name)s” must be a number.") % {"name": name})
    return int(text)
