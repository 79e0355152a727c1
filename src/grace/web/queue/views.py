"""The queue page, and taking the next referral."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.viewer import viewer_of
from grace.casework.queue import Count, Row
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel import clock
from grace.links.read import Told
from grace.pipeline import desk as pipeline
from grace.pipeline.desk import Desk
from grace.routing.countries import members
from grace.routing.words import EUROPOL
from grace.web import words
from grace.web.queue.asked import Asked

_NO_ONE = UUID(int=0)
"""Stands in an address for the referral of each row, since making an address anew is dear."""
_AXES = "\n".join(
    f'<td class="ax{hot}"><a href="{{address}}#why">{{{place}}}<svg class="bar{hot}" aria-hidden="true">'
    f'<rect width="{{{place}}}%" height="100%"/></svg></a></td>'
    for place, hot in enumerate("{hot}" if axis == "urgency" else "" for axis in words.AXES)
)
MOST_STATES = 2
"""States that a row names; a number stands for the rest."""
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
    label: Promise
    address: str
    count: Count
    current: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What else is to be known of a row, and where that leads."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row in words; everything is text already, so that a template of fifty rows has little left to do."""

    row: Row
    rank: str
    is_new: bool
    is_urgent: bool
    title: str
    why: SafeString
    axes: SafeString
    address: str
    own_address: str
    decide_address: str
    sender_address: str
    age: str
    received: str
    outcome: str
    states: list[tuple[str, str]]
    more_states: int
    marks: list[Mark]


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
    asked = Asked.of(request.GET)
    found = pipeline.desk(viewer_of(request), asked.filters, new=bool(asked.new), after=asked.after, before=asked.before)
    return render(request, "queue/page.html", _context(asked, found))


@declares(Kind.ALTERATION)
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the first free referral and open it."""
    referral = pipeline.take_next(viewer_of(request))
    if referral is None:
        messages.info(request, _("Nothing is free to take at the moment."))
        return redirect("queue")
    return redirect("referral", referral)


def _context(asked: Asked, found: Desk) -> dict[str, Any]:
    page = found.page
    lanes = list(_lanes(asked, found))
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
        "senders": [Choice(name, asked.but(sender=str(key)), asked.sender == str(key)) for key, name in found.senders],
        "sender_chosen": next((name for key, name in found.senders if asked.sender == str(key)), ""),
        "states": [Choice(words.recipient(key), asked.but(state=key), asked.state == key) for key in (*sorted(members()), EUROPOL)],
        "state_chosen": words.recipient(asked.state) if asked.state else "",
        "lane_open": any(str(lane.sender_id) == asked.sender for lane, _figures in found.bulk),
        "statuses": [Choice(str(label), asked.but(status=key), asked.status == key) for key, label in words.STATUSES.items()],
        "toggles": list(_toggles(asked)),
        "rows": list(_rows(found, apart=bool(asked.group))),
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


def _rows(found: Desk, *, apart: bool) -> Iterator[RowShown]:
    """The rows; ``apart`` shows a line for a group as the member that it is."""
    now, home = clock.now(), reverse("queue")
    referral, decide = (reverse(name, args=[_NO_ONE]) for name in ("referral", "decide"))
    for rank, row in enumerate(found.page.rows, start=found.page.first):
        now_urgent = bool(row.floor) and row.status == "open"
        group = found.groups.get(row.group_id) if row.stands and row.group_id and not apart else None
        own = referral.replace(str(_NO_ONE), str(row.referral_id))
        address = reverse("group", args=[group.id]) if group else own
        yield RowShown(
            row=row,
            rank=words.grouped(rank),
            is_new=row.received_at > found.since,
            is_urgent=now_urgent,
            title=words.group_title(group) if group else words.title(row.incident_kind, row.summary),
            why=format_html_join(" · ", "<b>{}</b> {}", _reasons(row)),
            axes=_axes(row, address, hot=now_urgent),
            address=address,
            own_address=own,
            decide_address=decide.replace(str(_NO_ONE), str(row.referral_id)),
            marks=list(_marks(row, found, apart=apart)),
            sender_address=f"{home}?sender={row.sender_id}",
            age=words.age(row.received_at, now),
            received=date_format(row.received_at, "j M H:i"),
            outcome=words.outcome(row.outcome),
            states=[(words.recipient(key), f"{home}?state={key}") for key in row.recipients[:MOST_STATES]],
            more_states=max(0, len(row.recipients) - MOST_STATES),
        )


def _reasons(row: Row) -> Iterator[tuple[str, str]]:
    for _rule, points, text, axis in row.why:
        yield words.said(text), "" if axis == "floor" else words.signed(points)


def _axes(row: Row, address: str, *, hot: bool) -> SafeString:
    """The cells of the four axes; in a template they were three quarters of what a page of fifty rows had to work through."""
    return format_html(_AXES, *(getattr(row, axis) for axis in words.AXES), address=address, hot=" urg" if hot else "")


def _marks(row: Row, found: Desk, *, apart: bool) -> Iterator[Mark]:
    """Of a line for a group: what it stands for; of any row: its contradictions, and the group and the bulk lane that it belongs to."""
    if contradictions := row.summary.get("contradictions"):
        yield Mark(words.contradictions(contradictions), reverse("versions", args=[row.referral_id]))
    group, late = (found.groups.get(row.group_id), found.late.get(row.group_id)) if row.group_id else (None, None)
    if group and row.stands and not apart:
        if late and late.waiting[0] and row.status != "closed":
            told = {"n": words.capped(late.waiting), "at": date_format(late.decided_at, "j M H:i")}
            text = ngettext("%(n)s came after the decision of %(at)s", "%(n)s came after the decision of %(at)s", late.waiting[0])
            yield Mark(text % told, f"{reverse('group', args=[group.id])}?status=open")
        yield Mark(_("the first of them"), reverse("referral", args=[row.referral_id]))
    elif group:
        yield Mark(_("in a group of %(n)s") % {"n": words.grouped(group.members)}, reverse("group", args=[group.id]))
    if row.lane_id and row.status == "open":
        lane = reverse("lane", args=[row.lane_id])
        if row.is_sample:
            yield Mark(_("sample of the bulk lane"), lane)
        elif not row.turn:
            yield Mark(_("in the bulk lane"), lane)


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
    if asked.q:
        return _("Found: “%(text)s”") % {"text": asked.q}
    current = next((lane for lane in lanes if lane.current), None)
    return str(current.label if current else words.HEADINGS[asked.status or "open"])


def _empty(asked: Asked, found: Desk) -> dict[str, str]:
    """What to say, and do, where there is no row."""
    if asked.searches and not asked.over_share and not asked.group:
        return {
            "says": _("No referral of your unit names this."),
            "do": _(
                "An e-mail address, phone number, account, address, number or digest may be typed in any spelling; its beginning is enough."
            ),
        }
    narrowed = asked.kind or asked.sender or asked.state or asked.new or asked.urgent or asked.over_share or asked.group
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
