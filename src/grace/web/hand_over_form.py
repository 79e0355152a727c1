"""The form of a hand-over: what was ticked, read strictly."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from grace.exchange.outbox import Order
from grace.exchange.part import Part
from grace.kernel.errors import Invalid


def chosen_part(sent: QueryDict) -> Part:
    """The persons, files and texts that were ticked."""
    return Part(
        persons=_ordinals(sent, "person"),
        files=_ordinals(sent, "file"),
        incident=sent.get("incident") == "yes",
        bytes=sent.get("bytes", "yes") != "no",
        originals=sent.get("originals") == "yes",
    )


def order_of(sent: QueryDict) -> Order:
    """What the officer wants. Raises :class:`Invalid`."""
    try:
        agency = UUID(sent.get("agency", ""))
    except ValueError as fault:
        raise Invalid(_("Handing over needs a recipient."), remedy=_("Choose an agency from the directory.")) from fault
    return Order(
        agency=agency,
        purpose=sent.get("purpose", ""),
        reason=sent.get("reason", ""),
        part=chosen_part(sent),
        conditions=tuple(sent.getlist("condition")),
        handling=sent.get("handling", ""),
        consent=sent.get("consent", ""),
        closes=sent.get("closes") == "yes",
    )


def _ordinals(sent: QueryDict, name: str) -> frozenset[int]:
    given = sent.getlist(name)
    if not all(each.isascii() and each.isdigit() and len(each) < 7 for each in given):
        raise Invalid(_("There is no such person or file in this referral."), remedy=_("Read the page again."))
    return frozenset(map(int, given))
