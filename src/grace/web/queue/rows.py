"""The rows of the queue in words, each as one piece of HTML: in a template they were half of what a page took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grace.casework.queue import Row
from grace.kernel import clock
from grace.pipeline.desk import Desk
from grace.web import words

MOST_STATES = 2
"""States that a row names; a number stands for the rest."""
_NO_ONE = UUID(int=0)
"""Stands in an address for the referral of each row, since making an address anew is dear."""
_ROW = """
<tr data-row aria-selected="false" id="r-{number}">
  <td class="rank">{new}<a href="{beside}" data-key="b" title="{why_here}">{rank}</a></td>
  <td class="sum"><a href="{address}" data-open>{badge}{title}</a><span class="why">{marks}{why}</span></td>
  {axes}
  <td><span class="states">{states}</span></td>
  <td><a class="cut" href="{sender_address}">{sender}</a><span class="two">{format}</span></td>
  <td class="num">{age}<span class="two">{received}</span></td>
  <td>{officer}</td>
</tr>"""
_AXES = "\n".join(
    f'<td class="ax{hot}"><a href="{{address}}#why">{{{place}}}<svg class="bar{hot}" aria-hidden="true">'
    f'<rect width="{{{place}}}%" height="100%"/></svg></a></td>'
    for place, hot in enumerate("{hot}" if axis == "urgency" else "" for axis in words.AXES)
)
_TAKE = '<button class="btn s take" form="take" formaction="{address}" data-key="t">{take}<span class="vh"> {reference}</span></button>{outcome}'


def _html(form: str, *values: object, **named: object) -> SafeString:
    """Like Django's ``format_html``, which also asks of each value whether it is to be translated late: a page has two thousand."""
    return SafeString(form.format(*map(_safe, values), **{name: _safe(value) for name, value in named.items()}))


def _safe(value: object) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


def _each(between: str, form: str, values: Iterable[tuple[object, ...]]) -> SafeString:
    return SafeString(between.join(_html(form, *each) for each in values))


def rows(found: Desk, *, apart: bool, may_decide: bool) -> Iterator[SafeString]:
    """The rows of a page; ``apart`` shows a line for a group as the member that it is, ``may_decide`` offers to take what is open."""
    now, home = clock.now(), reverse("queue")
    referral, decide, beside = (reverse(name, args=[_NO_ONE]) for name in ("referral", "decide", "beside"))
    why_here = _("why it stands here")
    new = _html('<span class="dot"></span><span class="vh">{} </span>', _("new,"))
    for rank, row in enumerate(found.page.rows, start=found.page.first):
        now_urgent = bool(row.floor) and row.status == "open"
        group = found.groups.get(row.group_id) if row.stands and row.group_id and not apart else None
        own = referral.replace(str(_NO_ONE), str(row.referral_id))
        address = reverse("group", args=[group.id]) if group else own
        yield _html(
            _ROW,
            number=row.number,
            new=new if row.received_at > found.since else "",
            rank=words.grouped(rank),
            beside=beside.replace(str(_NO_ONE), str(row.referral_id)),
            why_here=why_here,
            address=address,
            badge=_badge(row, hot=now_urgent),
            title=words.group_title(group) if group else words.title(row.incident_kind, row.summary),
            marks=_each("", '<a class="go" href="{}">{}</a> · ', _marks(row, found, apart=apart)),
            why=_each(" · ", "<b>{}</b> {}", _reasons(row)),
            axes=_html(_AXES, *(getattr(row, axis) for axis in words.AXES), address=address, hot=" urg" if now_urgent else ""),
            states=_states(row, home, own),
            sender_address=f"{home}?sender={row.sender_id}",
            sender=row.sender_name,
            format=words.format_name(row.format),
            age=words.age(row.received_at, now),
            received=date_format(row.received_at, "j M H:i"),
            officer=_officer(row, decide.replace(str(_NO_ONE), str(row.referral_id)), may_decide=may_decide),
        )


def _badge(row: Row, *, hot: bool) -> SafeString:
    if hot:
        return _html('<span class="badge urg">{}</span> ', _("urgent now"))
    return _html('<span class="badge">{}</span> ', _("urgent")) if row.floor else SafeString()


def _reasons(row: Row) -> Iterator[tuple[str, str]]:
    for _rule, points, text, axis in row.why:
        yield words.said(text), "" if axis == "floor" else words.signed(points)


def _states(row: Row, home: str, own: str) -> SafeString:
    if not row.recipients:
        return SafeString('<span class="quiet">\u2013</span>')
    named = ((f"{home}?state={key}", words.recipient(key)) for key in row.recipients[:MOST_STATES])
    more = len(row.recipients) - MOST_STATES
    rest = _html('<a class="n small quiet" href="{}#states">+{}</a>', own, more) if more > 0 else ""
    return _html("{}{}", _each("", '<a class="iso" href="{}">{}</a>', named), rest)


def _officer(row: Row, decide: str, *, may_decide: bool) -> SafeString:
    """Who has the referral, or how to take it, and what became of it."""
    outcome = _html('<span class="two">{}</span>', words.outcome(row.outcome)) if row.outcome else ""
    if row.status != "open":
        taken = outcome or _html('<span class="two">{}</span>', _("taken"))
        return _html('<span class="cut">{}</span>{}', row.officer_name or "\u2013", taken)
    if not may_decide:
        return _html('<span class="quiet small">{}</span>{}', _("free"), outcome)
    return _html(_TAKE, address=decide, take=_("Take"), reference=words.reference(row.number, row.received_at), outcome=outcome)


def _marks(row: Row, found: Desk, *, apart: bool) -> Iterator[tuple[str, str]]:
    """What else is to be known of a row, each with where it leads.

    Of a line for a group: what it stands for; of any row: its contradictions, and the group and the bulk lane that it belongs to.
    """
    if contradictions := row.summary.get("contradictions"):
        yield reverse("versions", args=[row.referral_id]), words.contradictions(contradictions)
    group, late = (found.groups.get(row.group_id), found.late.get(row.group_id)) if row.group_id else (None, None)
    if group and row.stands and not apart:
        if late and late.waiting[0] and row.status != "closed":
            told = {"n": words.capped(late.waiting), "at": date_format(late.decided_at, "j M H:i")}
            text = ngettext("%(n)s came after the decision of %(at)s", "%(n)s came after the decision of %(at)s", late.waiting[0])
            yield f"{reverse('group', args=[group.id])}?status=open", text % told
        yield reverse("referral", args=[row.referral_id]), _("the first of them")
    elif group:
        yield reverse("group", args=[group.id]), _("in a group of %(n)s") % {"n": words.grouped(group.members)}
    if row.lane_id and row.status == "open":
        lane = reverse("lane", args=[row.lane_id])
        if row.is_sample:
            yield lane, _("sample of the bulk lane")
        elif not row.turn:
            yield lane, _("in the bulk lane")
