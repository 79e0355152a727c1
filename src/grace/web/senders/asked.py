"""What an officer asks of a sender's referrals, as the address says it, and the addresses that figures lead to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from grace.casework.sender_days import PARTS
from grace.casework.sender_rows import Which
from grace.kernel import clock
from grace.kernel.errors import Invalid

SPANS = (30, 90)
"""Days that the page of a sender can show."""
_LONGEST = 200


class Addresses:
    """The lists of the referrals that figures about a sender count, from one day to another."""

    def __init__(self, sender: UUID, since: date, until: date) -> None:
        self._list = reverse("sender-referrals", args=[sender])
        self._days = f"?since={since}&until={until}"

    def of(self, **more: str | int) -> str:
        """The list of one figure; ``more`` narrows it as :func:`which` reads it."""
        return f"{self._list}{self._days}&{urlencode(more)}" if more else f"{self._list}{self._days}"

    def on(self, day: date) -> str:
        """The list of one day."""
        return f"{self._list}?since={day}&until={day}"


def which(sender: UUID, query: Mapping[str, str]) -> Which:
    """The question of an address. Raises :class:`Invalid` where it was made by hand and badly."""
    today = clock.now().date()
    told = {part: query.get(part, "") for part in PARTS}
    if any("\0" in value or len(value) > _LONGEST for value in told.values()):
        raise Invalid(_("This is not an address of this list."))
    return Which(
        sender,
        _day(query.get("since", ""), today),
        _day(query.get("until", ""), today),
        actionable=bool(query.get("actionable")),
        files=bool(query.get("files")),
        low=_number(query.get("low", ""), 0),
        high=_number(query.get("high", ""), 101),
        **told,
    )


def span(text: str) -> int:
    """How many days the page shows."""
    return next((days for days in SPANS if str(days) == text), SPANS[0])


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text) if text else otherwise
    except ValueError as fault:
        raise Invalid(_("This is not a day."), remedy=_("Write it as year, month and day: 2026-03-01.")) from fault
    if not date(1900, 1, 1) <= found <= date(9000, 1, 1):
        raise Invalid(_("This is not a day."), remedy=_("Write it as year, month and day: 2026-03-01."))
    return found


def _number(text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise Invalid(_("This is not an address of this list."))
    return int(text)
