"""The hits of a search in words, each as one piece of HTML: in a template they would take most of the page's time."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from grace.casework.queue import Row
from grace.casework.search import Hit
from grace.web import search_words, words

_NO_ONE = UUID(int=0)
"""Stands in an address for what each row has, since making an address anew is dear."""
_ROW = """
<tr data-row aria-selected="false"><td class="sum"><a href="{address}" data-open>{badge}{reference} · {title}</a><span class="why">{ways}</span></td>
<td>{work}<span class="two">{officer}</span></td><td>{states}</td>
<td><a class="cut" href="{sender_address}">{sender}</a><span class="two">{format}</span></td><td class="num nowrap">{received}</td></tr>"""


def rows(hits: Sequence[Hit], new: Container[UUID] = ()) -> Iterator[SafeString]:
    """The rows of a page; those of which an officer has not been told are marked."""
    referral, sender = (reverse(name, args=[_NO_ONE]) for name in ("referral", "sender"))
    for hit in hits:
        row = hit.row
        yield format_html(
            _ROW,
            address=referral.replace(str(_NO_ONE), str(row.referral_id)),
            badge=_badge(row) + (_new() if row.referral_id in new else SafeString()),
            reference=words.reference(row.number, row.received_at),
            title=words.title(row.incident_kind, row.summary),
            ways=", ".join(str(search_words.WAYS[way]) for way in hit.ways),
            work=words.outcome(row.outcome) if row.outcome else words.STATUSES[row.status],
            officer=row.officer_name,
            states=" ".join(words.recipient(key) for key in row.recipients),
            sender_address=sender.replace(str(_NO_ONE), str(row.sender_id)),
            sender=row.sender_name,
            format=words.format_name(row.format),
            received=date_format(row.received_at, "j M Y H:i"),
        )


def _new() -> SafeString:
    return format_html('<span class="badge acc">{}</span> ', _("new"))


def _badge(row: Row) -> SafeString:
    if not row.floor:
        return SafeString()
    hot = " urg" if row.status == "open" else ""
    return format_html('<span class="badge{}">{}</span> ', hot, _("urgent"))
