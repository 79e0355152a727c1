"""The queue page, and taking the next referral."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.competence import language_name
from grace.accounts.viewer import Viewer, viewer_of
from grace.casework.queue import Count
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.links.read import Told
from grace.pipeline import desk as pipeline
from grace.pipeline.desk import Desk
from grace.routing.countries import members
from grace.routing.words import EUROPOL
from grace.web import words
from grace.web.discipline.words import WAITS
from grace.web.queue.asked import Asked
from grace.web.queue.rows import rows

_LANES: tuple[tuple[str, Promise, Asked], ...] = (
    ("waiting", gettext_lazy("Waiting"), Asked()),
    ("urgent", gettext_lazy("Urgent now"), Asked(urgent="1")),
    ("europol", gettext_lazy("State unknown, to Europol"), Asked(state=EUROPOL)),
    ("new", gettext_lazy("New since your last visit"), Asked(new="1")),
    ("mine", gettext_lazy("Mine"), Asked(status="taken", whose="mine")),
    ("taken", gettext_lazy("Taken"), Asked(status="taken")),
    ("closed", gettext_lazy("Closed"), Asked(status="closed")),
)
"""A lane is a question with a name; what waits is free, because taking a referral moves it to “taken”."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One line at the left of the queue."""

    name: str
    label: Promise | str
    address: str
    count: Count
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a filter's menu."""

    label: str
    address: str
    chosen: bool


@declares(Kind.CONSULTATION)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """A page of the queue."""
    asked, viewer = Asked.of(request.GET), viewer_of(request)
    found = pipeline.desk(viewer, asked.filters, new=bool(asked.new), after=asked.after, before=asked.before)
    return render(request, "queue/page.html", _context(asked, found, viewer))


@declares(Kind.ALTERATION)
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the first free referral and open it."""
    viewer = viewer_of(request)
    referral = pipeline.take_next(viewer)
    if referral is None:
        messages.info(request, _nothing_free(pipeline.waits_for_others(viewer)))
        return redirect("queue")
    return redirect("referral", referral)


def _nothing_free(others: Count) -> str:
    """Why nothing was given: nothing waits, or what waits is for somebody who reads or can do something else."""
    if not others[0]:
        return _("Nothing is free to take at the moment.")
    return ngettext(
        "Nothing that suits you is free: %(n)s waits for another language or skill.",
        "Nothing that suits you is free: %(n)s wait for another language or skill.",
        others[0],
    ) % {"n": words.capped(others)}


def _context(asked: Asked, found: Desk, viewer: Viewer) -> dict[str, Any]:
    page = found.page
    lanes, recipients = [*_lanes(asked, found), *_own(asked, found)], [*sorted(members()), EUROPOL]
    return {
        "desk": found,
        "asked": asked,
        "q": asked.q,
        "lanes": lanes,
        "heading": _heading(asked, found, lanes),
        "group": _group(asked, found),
        "axes": [(key, short, question) for key, (_name, short, question) in words.AXES.items()],
        "kinds": [Choice(str(label), asked.but(kind=key), asked.kind == key) for key, label in words.INCIDENTS.items()],
        "kind_chosen": words.INCIDENTS.get(asked.kind),
        "senders": [
            Choice(name, address, asked.sender == str(key))
            for (key, name), address in zip(found.senders, asked.each("sender", [str(key) for key, _name in found.senders]), strict=True)
        ],
        "sender_chosen": next((name for key, name in found.senders if asked.sender == str(key)), ""),
        "states": [
            Choice(words.recipient(key), address, asked.state == key)
            for key, address in zip(recipients, asked.each("state", recipients), strict=True)
        ],
        "state_chosen": words.recipient(asked.state) if asked.state else "",
        "lane_open": any(str(lane.sender_id) == asked.sender for lane, _figures in found.bulk),
        "statuses": [Choice(str(label), asked.but(status=key), asked.status == key) for key, label in words.STATUSES.items()],
        "toggles": list(_toggles(asked)),
        "rows": list(rows(found, apart=bool(asked.group), may_decide=viewer.may(Capability.DECIDE))),
        "last": page.first + len(page.rows) - 1,
        "next_address": asked.but(after=page.after) if page.after else "",
        "previous_address": asked.but(before=page.before) if page.before else "",
        "without": {name: asked.but(**{name: ""}) for name in ("kind", "sender", "state", "status")},
        "empty": _empty(asked, found) if not page.rows else None,
    }


def _lanes(asked: Asked, found: Desk) -> Iterator[Lane]:
    here = {key: value for key, value in asked.told().items() if key not in {"after", "before"}}
    for name, label, question in _LANES:
        yield Lane(name, label, question.address, found.lanes[name], current=question.told() == here)


def _own(asked: Asked, found: Desk) -> Iterator[Lane]:
    """The unit's own queues, as its rules say them."""
    for queue, count in found.own:
        question = Asked(own=queue.id)
        here = {key: value for key, value in asked.told().items() if key not in {"after", "before"}}
        yield Lane(f"own-{queue.id}", queue.text, question.address, count, current=question.told() == here)


def _toggles(asked: Asked) -> Iterator[Choice]:
    """Filters that are on or off; those that say nothing in this lane are left out."""
    if asked.status != "closed":
        yield Choice(_("Urgent now") if not asked.status else _("Urgent"), asked.but(urgent=_other(asked.urgent)), bool(asked.urgent))
        yield Choice(_("New since your last visit"), asked.but(new=_other(asked.new)), bool(asked.new))
    if not asked.searches:
        yield Choice(_("Groups opened"), asked.but(every=_other(asked.every)), bool(asked.every))
    if asked.status == "taken" or asked.searches:
        yield Choice(_("Mine"), asked.but(whose="" if asked.whose == "mine" else "mine"), asked.whose == "mine")


def _other(switch: str) -> str:
    return "" if switch else "1"


def _group(asked: Asked, found: Desk) -> Told | None:
    """The group whose members are asked for, where it is one of the unit's."""
    return found.groups.get(UUID(asked.group)) if asked.group else None


def _heading(asked: Asked, found: Desk, lanes: list[Lane]) -> str:
    if asked.group:
        group = _group(asked, found)
        return _("Of the group “%(group)s”") % {"group": words.group_title(group)} if group else _("Of a group")
    if asked.like:
        return _("Referrals that share this identifier")
    if asked.over_share:
        return _("Called urgent over the daily share, today")
    if asked.waits or asked.older or asked.language:
        return _waiting_heading(asked)
    if asked.q:
        return _("Found: “%(text)s”") % {"text": asked.q}
    return str(next((lane.label for lane in lanes if lane.current), words.HEADINGS[asked.status or "open"]))


def _waiting_heading(asked: Asked) -> str:
    if asked.language:
        return _("Written in %(language)s") % {"language": language_name(asked.language)}
    return str(WAITS.get(asked.waits, _("Waiting for long")))


def _empty(asked: Asked, found: Desk) -> dict[str, str]:
    """What to say, and do, where there is no row."""
    if asked.searches and not asked.over_share and not asked.group:
        return {
            "says": _("No referral of your unit names this."),
            "do": _(
                "An e-mail address, phone number, account, address, number or digest may be typed in any spelling; its beginning is enough."
            ),
        }
    narrowed = asked.kind or asked.sender or asked.state or asked.new or asked.urgent or asked.over_share or asked.below or asked.group
    narrowed = narrowed or asked.language or asked.older or asked.waits
    if narrowed:
        return {
            "says": _("No referral fits these filters."),
            "do": _("Take one filter away."),
            "address": Asked(status=asked.status, whose=asked.whose).address,
        }
    if asked.status == "taken":
        return {
            "says": _("No referral is taken."),
            "do": _("Press “Take next”: the first free referral opens."),
            "address": Asked().address,
        }
    if asked.status == "closed":
        return {"says": _("No referral is closed yet."), "do": _("What is decided is found here, and every decision can be taken back.")}
    if found.lanes["closed"][0] or found.lanes["taken"][0]:
        return {"says": _("Nothing waits."), "do": _("New referrals appear here as they come in.")}
    return {
        "says": _("Nothing has come in yet."),
        "do": _("Documents are taken in by “grace receive”, by a watched folder, or by the API."),
    }
